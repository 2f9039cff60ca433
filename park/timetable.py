"""What beat starts by itself, how often, and when it is no longer worth starting.

Schedules and ends are in seconds. A task that waited longer than ``expires`` is dropped: the next one does its work.
"""

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def every(seconds: int, task: str, *, expires: int) -> dict:
    return {"task": task, "schedule": seconds, "options": {"expires": expires}}


TIMETABLE = {
    "Beat is alive": every(MINUTE, "park.runtime.tasks.beat_heartbeat", expires=50),
    "Send the notices that are due": every(MINUTE, "park.notices.tasks.deliver", expires=50),
    "Send the account e-mails that are due": every(MINUTE, "park.accounts.tasks.send_letters", expires=50),
    "Tidy sessions, counters and old letters": every(DAY, "park.accounts.tasks.tidy", expires=3600),
    "Scan the files that waited for the scanner": every(MINUTE, "park.files.tasks.scan_waiting", expires=50),
    "Make the PDFs of letters that were left out": every(MINUTE, "park.letters.tasks.make_missing_pdfs", expires=50),
    "Keep the end of the audit's chain outside the database": every(DAY, "park.audit.tasks.drop_anchor", expires=3600),
    "Finish releases that a dead worker left": every(MINUTE, "services.policies.tasks.finish_releases", expires=50),
    "Release policies at the moment that was set": every(
        MINUTE, "services.policies.tasks.release_scheduled", expires=50
    ),
    "Send the webhooks that are due": every(MINUTE, "park.webhooks.tasks.deliver", expires=50),
    "Tell webhooks of released policies and new verdicts": every(
        MINUTE, "services.alerts.tasks.feed_webhooks", expires=50
    ),
    "Ask saved searches again, tell of what newly matches": every(
        5 * MINUTE, "services.alerts.tasks.look", expires=250
    ),
    "Remind of policies that close in 14, 7 and 2 days": every(HOUR, "services.alerts.tasks.remind", expires=3000),
    "Compute the facts of whom something changed": every(
        MINUTE, "incubation.facts.tasks.refresh_what_changed", expires=50
    ),
    "Compute the facts of everybody": every(HOUR, "incubation.facts.tasks.refresh_all", expires=3000),
    "Tell whose facts run out": every(DAY, "incubation.facts.tasks.remind_of_stale", expires=3600),
    "Judge tenants whose facts changed, tell whom a policy newly fits": every(
        MINUTE, "services.policies.tasks.rejudge_changed", expires=50
    ),
    "Ask what every released policy says of everybody today": every(
        DAY, "services.policies.tasks.rejudge_all", expires=3600
    ),
    "Remind tenants of gates, time and conditions": every(DAY, "incubation.journey.tasks.nightly", expires=3600),
    "Warn of licences that end, end silent requests": every(DAY, "services.intermediaries.tasks.nightly", expires=3600),
    "Approve benefits that need no application, let lapse what no longer holds": every(
        DAY, "services.claims.tasks.nightly", expires=3600
    ),
    "Remind of drafts before a call closes, drop those that lie idle": every(
        HOUR, "incubation.intake.tasks.watch_drafts", expires=3000
    ),
    "Finish acts on many applications that a dead worker left": every(
        MINUTE, "incubation.intake.tasks.finish_batches", expires=50
    ),
    "Remind applicants of answers that are due": every(
        30 * MINUTE, "incubation.intake.tasks.remind_applicants", expires=1500
    ),
    "Remind experts of scores that are due": every(30 * MINUTE, "incubation.review.tasks.remind", expires=1700),
    "Remind, warn and close by the clock": every(5 * MINUTE, "park.workflow.tasks.watch_clocks", expires=250),
}
