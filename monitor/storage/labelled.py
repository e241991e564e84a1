"""Which label of a mention counts: what a person put right, else what the model said."""

_CORRECTED = """(SELECT c.label FROM corrected c WHERE c.brand = a.brand AND c.mention = a.mention{only}
    ORDER BY c.by_rule, c.correction DESC LIMIT 1)"""
CORRECTED = _CORRECTED.format(only="")
"""What a person said of the mention of match a; NULL where nobody did."""
SINGLY = "SELECT id FROM corrections WHERE kind = 'mentions' AND query = ''"
"""The corrections of mentions that somebody named, one by one."""
_CORRECTED_TOGETHER = _CORRECTED.format(only=f" AND c.correction NOT IN ({SINGLY})")


def labelled(where: str, *, units: bool = True, singly: bool = True) -> str:
    """The query of labelled mentions as they count; what a person said is certain. `where` speaks of matches a and readings r.

    Without `singly`, what was corrected one by one is as if it had not been.
    """
    corrected = CORRECTED if singly else _CORRECTED_TOGETHER
    return f"""SELECT brand, day, model, id, mention, coalesce(said, label) AS label,
        iif(said IS NULL, negative, said = 'negative') AS negative, iif(said IS NULL, neutral, said = 'neutral') AS neutral,
        iif(said IS NULL, positive, said = 'positive') AS positive, voice, source, cluster
    FROM (SELECT a.brand, a.day, r.model, r.id, r.mention, r.label, r.negative, r.neutral, r.positive, a.voice, a.source, a.cluster,
            {corrected} AS said
        FROM matches a JOIN readings r ON r.mention = a.mention AND r.brand = a.brand
        WHERE {where}{" AND a.unit = 1" if units else ""})
    WHERE coalesce(said, label) IS NOT NULL"""  # noqa: S608 - constants of ours
