"""What is doubtful: the thresholds of integrity findings (docs/integrity.md, docs/operations.md). All CFG."""

from environ import Env


def integrity(env: Env) -> dict[str, float]:
    """The setting INTEGRITY from the environment.

    base_days: days before a day that it is compared with. chance: the largest chance that is a finding, however few
    places are looked at; chance_together, chance_silence: the same for several weak signs at once, and for silences.
    false_a_day: false findings of one signal a day that are taken, in a whole city. hours_slack_minutes: on both sides
    of office hours. clock_minutes: by which clocks of two systems may differ. missed_negatives, missed_rows: how many
    must have been expected before their absence says anything.
    """
    return {
        "base_days": env.int("INTEGRITY_BASE_DAYS", 56),
        "chance": env.float("INTEGRITY_CHANCE", 1e-4),
        "chance_together": env.float("INTEGRITY_CHANCE_TOGETHER", 1e-6),
        "chance_silence": env.float("INTEGRITY_CHANCE_SILENCE", 1e-3),
        "false_a_day": env.float("INTEGRITY_FALSE_A_DAY", 0.1),
        "hours_slack_minutes": env.int("INTEGRITY_HOURS_SLACK_MINUTES", 60),
        "clock_minutes": env.int("INTEGRITY_CLOCK_MINUTES", 5),
        "missed_negatives": env.float("INTEGRITY_MISSED_NEGATIVES", 7),
        "missed_rows": env.float("INTEGRITY_MISSED_ROWS", 10),
        "trace_days": env.int("INTEGRITY_TRACE_DAYS", 180),
    }
