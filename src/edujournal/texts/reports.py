"""What the report to the head says for itself: titles, labels, heads of columns, notes."""

from __future__ import annotations

from typing import Final

from edujournal.texts.catalogues import Message

#: Titles, labels and heads of columns.
WORDS: Final = {
    "accountable": Message("report", "Accountable"),
    "all": Message("report", "all"),
    "asks": Message("report", "What is asked"),
    "attended": Message("report", "Attendance, %"),
    "broken": Message("report", "Against the rule"),
    "by_class": Message("report", "By class and week"),
    "by_municipality": Message("report", "By municipality"),
    "by_school": Message("report", "By school"),
    "by_clause": Message("report", "By clause"),
    "by_teacher": Message("report", "By teacher"),
    "class": Message("report", "Class"),
    "clause": Message("report", "Clause"),
    "clear": Message("report", "Show all"),
    "count": Message("report", "Records"),
    "delay": Message("report", "Delay"),
    "delays": Message("report", "How late was what was late"),
    "early": Message("report", "Early"),
    "entries": Message("report", "Entries"),
    "filter": Message("report", "Choose findings"),
    "findings": Message("report", "Findings"),
    "gist": Message("report", "What it asks"),
    "how_to_mend": Message("report", "How to mend it"),
    "in_time": Message("report", "In time, %"),
    "late": Message("report", "Late"),
    "mean": Message("report", "Mean"),
    "missing": Message("report", "Missing"),
    "missing_now": Message("report", "What is missing now"),
    "more": Message("report", "Show more"),
    "municipality": Message("report", "Municipality"),
    "nobody": Message("report", "nobody named"),
    "none": Message("report", "Nothing."),
    "order": Message("report", "Order"),
    "order_books": Message("report", "by class and journal"),
    "order_delay": Message("report", "the longest delay first"),
    "outcome": Message("report", "Outcome"),
    "overview": Message("report", "At a glance"),
    "pending": Message("report", "Still open"),
    "per_thousand": Message("report", "Breaches per 1,000 entries"),
    "quality": Message("report", "Quality, %"),
    "reading": Message("report", "How it is read"),
    "reason": Message("report", "Why it is asked"),
    "results": Message("report", "Results"),
    "region": Message("report", "Region"),
    "school": Message("report", "School"),
    "school_closely": Message("report", "One school closely"),
    "schools": Message("report", "Schools"),
    "search": Message("report", "Words"),
    "skip": Message("report", "To the findings"),
    "statistics": Message("report", "Success and quality"),
    "statistics_class": Message("report", "By class"),
    "statistics_subject": Message("report", "By subject"),
    "subject": Message("report", "Subject"),
    "success": Message("report", "Success, %"),
    "table": Message("report", "The same as a table"),
    "teacher": Message("report", "Who"),
    "title_region": Message("report", "How journals are kept in the region"),
    "title": Message("report", "How the journals are kept"),
    "total": Message("report", "All together"),
    "trend": Message("report", "Week by week"),
    "undecidable": Message("report", "Not decidable"),
    "week": Message("report", "Week of"),
    "what": Message("report", "What was found"),
    "where": Message("report", "Where"),
}

#: Classes of delays: up to each of the ends, and more than the last.
DELAYS: Final = (
    Message("report", "up to 1 hour"),
    Message("report", "1–6 hours"),
    Message("report", "6–24 hours"),
    Message("report", "1–3 days"),
    Message("report", "3–7 days"),
    Message("report", "7–30 days"),
    Message("report", "over 30 days"),
)

#: What parts whole numbers from fractions.
DECIMAL: Final = Message("decimal sign", ".")

#: Sentences, some with places.
NOTES: Final = {
    "as_of": Message("report", "As of {at}"),
    "days": Message("report", "{since} – {until}"),
    "how": Message(
        "report",
        "In time is the share of what was recorded in its window, of all that can be decided."
        " What cannot be decided counts for neither side.",
    ),
    "kept": Message(
        "report",
        "{kept} of {all} findings are in this file: for each clause and teacher, and for each class"
        " and week, the {n} gravest at most. The sums count all of them.",
    ),
    "late_chart": Message("report", "Bars: how many records were late by how much."),
    "no_script": Message(
        "report", "Without scripts the sums are here, but the findings cannot be chosen."
    ),
    "municipality_chart": Message(
        "report", "Bars: breaches per 1,000 entries; at most the 20 worst are shown."
    ),
    "no_script_region": Message(
        "report", "Without scripts the sums are here, but no school can be looked at closely."
    ),
    "pick_school": Message("report", "Press a school to look at it closely."),
    "region_how": Message(
        "report",
        "Breaches are what is late, missing, early or against a rule. What several people owe counts"
        " for each of them, but once for the class and the school.",
    ),
    "region_kept": Message(
        "report",
        "The gravest findings of the school, at least one for each clause and teacher; the sums count"
        " all of them.",
    ),
    "pick": Message("report", "Press a number to see its findings."),
    "pick_square": Message(
        "report",
        "Each square is a class in a week: percent in time. Press one to see its findings.",
    ),
    "shown": Message("report", "Shown: {n} of {all}"),
    "sort": Message("report", "Press the head of a column to sort by it."),
    "square": Message("report", "{name}, week of {week}: {percent} % in time, breaches: {n}"),
    "trend_chart": Message("report", "Line: percent in time in each week."),
}
