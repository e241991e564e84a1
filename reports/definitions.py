"""What the numbers mean: the definitions that every report prints under "How this was computed", in one wording."""

from dataclasses import dataclass
from typing import Final

from reports.reader import gettext, gettext_noop


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric, what it is and where its interval comes from (empty when it has none)."""

    name: str
    meaning: str
    interval: str = ""

    @property
    def from_what(self) -> str:
        """Where the interval comes from, as a sentence."""
        return gettext("Interval: %(how)s.", how=self.interval) if self.interval else ""


def worded(definition: Definition) -> Definition:
    """A definition in the reader's language."""
    name, meaning, interval = definition.name, definition.meaning, definition.interval
    return Definition(gettext(name), gettext(meaning), gettext(interval) if interval else "")


UNIT: Final = gettext_noop(
    "One story-voice: an author within a story counts once, on the day of the first, however often the text was copied or the "
    "author repeated it; stories and copies are both shown. Effective size n_eff = (Σw)² / Σw². Only what customers "
    "say counts as delivery, never press or the brand's own voice; hearsay among customers is not told from experience yet. "
    "Sentiment counts mentions (one label each); delivery counts passages that speak of a promise and take a side, one "
    "vote a story-voice."
)
TIME_TO_ANSWER: Final = Definition(
    gettext_noop("Time to answer"),
    gettext_noop(
        "Median, and share answered on the brand's same day, of cases that asked for an answer. From what the customer wrote to "
        "the first answer, in hours of the clock. Who still waits, or was closed without an answer, counts as waiting for so "
        "long at least (Kaplan–Meier). A day is the brand's own; who waits since today is not in the share yet. In time: "
        "answered within the service level's working hours."
    ),
    gettext_noop("median: Brookmeyer–Crowley, 95 %%; shares: Wilson, 95 %%"),
)
DEFINITIONS: Final = (
    Definition(
        gettext_noop("Net sentiment"),
        gettext_noop(
            "100·(P−N)/(P+O+N), P, O, N = positive, neutral, negative. Polarity 100·(P−N)/(P+N) is another number with "
            "another name; the two never stand in for each other."
        ),
        gettext_noop("bootstrap clustered by story"),
    ),
    Definition(
        gettext_noop("Negative share"),
        gettext_noop("N/(P+O+N)."),
        gettext_noop("Wilson, 95 %%"),
    ),
    Definition(
        gettext_noop("Expectation of a promise"),
        gettext_noop(
            "0–100 from its strength (guarantee 95, absolute 90, comparative 75, hedged 60), or the brand's own figure. A "
            "policy input: always printed."
        ),
    ),
    Definition(
        gettext_noop("Delivery of a promise"),
        gettext_noop(
            "100·(k+m·μ)/(k+b+m); k, b = voices whose evidence says kept, broken; μ, m = beta prior fitted over the brand's"
            " promises (empirical Bayes). The raw rate 100·k/(k+b) stands beside it. Who says kept and who broken is the "
            "model's reading, which errs: from 30 audited readings of promises on, delivery and its interval are corrected by "
            "how it erred in them. With fewer they are as it reads, and the interval tells of the number of voices alone; beside "
            "it stands where delivery may lie if the model errs here as it does about hard texts on other brands."
        ),
        gettext_noop("beta posterior, 95 %%"),
    ),
    Definition(
        gettext_noop("Gap"),
        gettext_noop(
            "Delivery − Expectation (perception minus expectation, as in SERVQUAL and the Promise Index); negative = less "
            "than promised. D and E are always shown with it."
        ),
        gettext_noop("from D"),
    ),
    Definition(
        gettext_noop("Verdict"),
        gettext_noop(
            "kept if the whole interval of D lies at or above E, broken if wholly below, at risk if it straddles E and the "
            "trend is down, unclear otherwise; insufficient evidence under n_eff 12."
        ),
    ),
    Definition(
        gettext_noop("Broken-promise rate"),
        gettext_noop(
            "Share of a promise's voices that say so outright (“advertised as…”, “you said…”), of all who take a side on it."
        ),
        gettext_noop("Wilson, 95 %%"),
    ),
    Definition(
        gettext_noop("Overall gap"),
        gettext_noop(
            "Σ w·Gap over the measured promises, Σw = 1: every promise alike, as the company weighs them, by share of "
            "placements, by share of customer voices."
        ),
        gettext_noop("draws from the posteriors of delivery, 95 %%"),
    ),
    Definition(
        gettext_noop("Placement"),
        gettext_noop("One sighting of a promise in the brand's own voice. A page is seen once in every week in which it stands."),
    ),
    Definition(
        gettext_noop("Emphasis gap"),
        gettext_noop(
            "Share of a promise in the brand's own text − its share in customers' text, in points; total: Jensen–Shannon "
            "divergence of the two mixes in bits: 0 is alike, 1 has nothing in common."
        ),
        gettext_noop("bootstrap over stories, 95 %%"),
    ),
    Definition(
        gettext_noop("Importance"),
        gettext_noop(
            "A promise's contribution to overall sentiment, not its mention count: Shapley (LMG) shares of a regression of a "
            "voice's mood on the promises that it calls kept or broken. It says what moods follow, not what causes them."
        ),
        gettext_noop("bootstrap over stories, 95 %%"),
    ),
    Definition(
        gettext_noop("Priority"),
        gettext_noop(
            "Quadrants of importance × delivery at their means: fix first, keep up, low priority, possible overkill. Not clear-cut "
            "where an interval holds the mean."
        ),
    ),
    Definition(
        gettext_noop("Claim at risk"),
        gettext_noop(
            "A promise that is broken or at risk by what customers say since delivery last changed: to be softened to the "
            "strongest strength whose expectation the whole interval of D reaches, withdrawn where there is none."
        ),
    ),
    Definition(
        gettext_noop("Change"),
        gettext_noop(
            "Δ between two windows, or before and from the bucket at which delivery changed most clearly; over several promises "
            "the p-values are Benjamini–Hochberg adjusted."
        ),
        gettext_noop("from draws of both sides' posteriors, 95 %%"),
    ),
    Definition(
        gettext_noop("What moved"),
        gettext_noop(
            "The change of net sentiment between two windows, split exactly into source mix, topic mix and tone (Kitagawa 1955; "
            "Das Gupta 1993, symmetric); the terms sum to the change. A voice's topic is the promise that it speaks of most "
            "clearly."
        ),
        gettext_noop("bootstrap over stories, 95 %%"),
    ),
    Definition(
        gettext_noop("Voice concentration"),
        gettext_noop(
            "Share of the negative voices, or of those who call a promise broken, from the top 1, 3 and 10 authors and threads. "
            "From 25 %% on, a number is said to rest on one author or thread, from 50 %% on on three authors."
        ),
    ),
    Definition(
        gettext_noop("Consistency"),
        gettext_noop(
            "Standard deviation of delivery between weeks, sources and segments, over what sample size alone would give; p-values "
            "Benjamini–Hochberg adjusted."
        ),
        gettext_noop("parametric bootstrap, inverted, 95 %%"),
    ),
    Definition(
        gettext_noop("Segment"),
        gettext_noop(
            "Net sentiment and delivery of the voices with one value of a column, each against everybody else; all comparisons "
            "of a report share one false discovery rate of 5 %%."
        ),
        gettext_noop("as of the whole"),
    ),
    Definition(
        gettext_noop("Promised figure"),
        gettext_noop(
            "Median of what customers measure of what a promise measures, one figure a voice. A voice that calls the promise "
            "broken and names the advertised figure repeats it and is left out."
        ),
        gettext_noop("bootstrap over stories, 95 %%"),
    ),
    Definition(
        gettext_noop("Share of voice"),
        gettext_noop("A brand's part of all customers' voices on it and its competitors."),
        gettext_noop("Wilson over effective voices, 95 %%"),
    ),
    TIME_TO_ANSWER,
    Definition(
        gettext_noop("Pillar score"),
        gettext_noop(
            "1–5: 1 + 4·(share of good evidence on a pillar: its promises kept or broken, or a passage about it that is positive "
            "or negative; one vote a voice, shrunk over all pillars); total of ten, out of 50. Beside it the company's own rating."
        ),
        gettext_noop("beta posterior, 95 %%"),
    ),
    Definition(
        gettext_noop("Cause"),
        gettext_noop(
            "Complaints that are alike, under a customer's own words. A covered one holds while the upper bound of its rate since, "
            "over that of the twelve weeks before, stays under 1; else it is open again. Growing and shrinking: the last four "
            "weeks against the eight before, adjusted over all causes (Benjamini–Hochberg)."
        ),
        gettext_noop("share of who complained: Wilson, 95 %%; rates: exact Poisson"),
    ),
)
CORRECTION: Final = gettext_noop(
    "A classifier's average is biased when a brand's mix differs from its training set's. So net sentiment is corrected"
    " and shown corrected with the raw figure beside it, in this order of preference. With 30 audited mentions of the "
    "window or more (a random sample that a person labelled): prediction-powered inference, PPI++ (Angelopoulos, Duchi & "
    "Zrnic 2023), its variance clustered by story; weeks and days are moved by as much as the whole is. Without: "
    "calibrated probabilities, class priors re-estimated by EM (Saerens, Latinne & Decaestecker 2002) per brand and "
    "window, the interval by bootstrap over stories including the re-estimation, and by how far the model was off on other "
    "brands, where that was measured. A model that is not calibrated and not audited is shown as it counts."
)
