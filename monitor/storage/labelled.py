"""Which label of a mention counts: what a person put right, else what the model said."""

CORRECTED = """(SELECT c.label FROM corrected c WHERE c.brand = a.brand AND c.mention = a.mention
    ORDER BY c.by_rule, c.correction DESC LIMIT 1)"""
"""What a person said of the mention of match a; NULL where nobody did."""


def labelled(where: str, *, units: bool = True) -> str:
    """The query of labelled mentions as they count; what a person said is certain. `where` speaks of matches a and readings r."""
    return f"""SELECT brand, day, model, id, mention, coalesce(said, label) AS label,
        iif(said IS NULL, negative, said = 'negative') AS negative, iif(said IS NULL, neutral, said = 'neutral') AS neutral,
        iif(said IS NULL, positive, said = 'positive') AS positive, voice, source, cluster
    FROM (SELECT a.brand, a.day, r.model, r.id, r.mention, r.label, r.negative, r.neutral, r.positive, a.voice, a.source, a.cluster,
            {CORRECTED} AS said
        FROM matches a JOIN readings r ON r.mention = a.mention AND r.brand = a.brand
        WHERE {where}{" AND a.unit = 1" if units else ""})
    WHERE coalesce(said, label) IS NOT NULL"""  # noqa: S608 - constants of ours
