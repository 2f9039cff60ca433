"""What beat starts by itself, how often, and when it is no longer worth starting.

Schedules and ends are in seconds. A task that waited longer than ``expires`` is dropped: the next one does its work.
"""

TIMETABLE = {
    "Beat is alive": {"task": "park.runtime.tasks.beat_heartbeat", "schedule": 60, "options": {"expires": 50}},
    "Send the notices that are due": {"task": "park.notices.tasks.deliver", "schedule": 60, "options": {"expires": 50}},
    "Send the account e-mails that are due": {
        "task": "park.accounts.tasks.send_letters", "schedule": 60, "options": {"expires": 50},
    },
    "Tidy sessions, counters and old letters": {
        "task": "park.accounts.tasks.tidy", "schedule": 24 * 3600, "options": {"expires": 3600},
    },
    "Scan the files that waited for the scanner": {
        "task": "park.files.tasks.scan_waiting", "schedule": 60, "options": {"expires": 50},
    },
    "Make the PDFs of letters that were left out": {
        "task": "park.letters.tasks.make_missing_pdfs", "schedule": 60, "options": {"expires": 50},
    },
    "Keep the end of the audit's chain outside the database": {
        "task": "park.audit.tasks.drop_anchor", "schedule": 24 * 3600, "options": {"expires": 3600},
    },
    "Finish releases that a dead worker left": {
        "task": "services.policies.tasks.finish_releases", "schedule": 60, "options": {"expires": 50},
    },
    "Release policies at the moment that was set": {
        "task": "services.policies.tasks.release_scheduled", "schedule": 60, "options": {"expires": 50},
    },
    "Send the webhooks that are due": {
        "task": "park.webhooks.tasks.deliver", "schedule": 60, "options": {"expires": 50},
    },
    "Tell webhooks of released policies and new verdicts": {
        "task": "services.alerts.tasks.feed_webhooks", "schedule": 60, "options": {"expires": 50},
    },
    "Ask saved searches again, tell of what newly matches": {
        "task": "services.alerts.tasks.look", "schedule": 300, "options": {"expires": 250},
    },
    "Remind of policies that close in 14, 7 and 2 days": {
        "task": "services.alerts.tasks.remind", "schedule": 3600, "options": {"expires": 3000},
    },
    "Compute the facts of whom something changed": {
        "task": "incubation.facts.tasks.refresh_what_changed", "schedule": 60, "options": {"expires": 50},
    },
    "Compute the facts of everybody": {
        "task": "incubation.facts.tasks.refresh_all", "schedule": 3600, "options": {"expires": 3000},
    },
    "Tell whose facts run out": {
        "task": "incubation.facts.tasks.remind_of_stale", "schedule": 24 * 3600, "options": {"expires": 3600},
    },
    "Judge tenants whose facts changed, tell whom a policy newly fits": {
        "task": "services.policies.tasks.rejudge_changed", "schedule": 60, "options": {"expires": 50},
    },
    "Ask what every released policy says of everybody today": {
        "task": "services.policies.tasks.rejudge_all", "schedule": 24 * 3600, "options": {"expires": 3600},
    },
    "Remind tenants of gates, time and conditions": {
        "task": "incubation.journey.tasks.nightly", "schedule": 24 * 3600, "options": {"expires": 3600},
    },
    "Warn of licences that end, end silent requests": {
        "task": "services.intermediaries.tasks.nightly", "schedule": 24 * 3600, "options": {"expires": 3600},
    },
    "Approve benefits that need no application, let lapse what no longer holds": {
        "task": "services.claims.tasks.nightly", "schedule": 24 * 3600, "options": {"expires": 3600},
    },
    "Remind of drafts before a call closes, drop those that lie idle": {
        "task": "incubation.intake.tasks.watch_drafts", "schedule": 3600, "options": {"expires": 3000},
    },
    "Finish acts on many applications that a dead worker left": {
        "task": "incubation.intake.tasks.finish_batches", "schedule": 60, "options": {"expires": 50},
    },
    "Remind applicants of answers that are due": {
        "task": "incubation.intake.tasks.remind_applicants", "schedule": 1800, "options": {"expires": 1500},
    },
    "Remind experts of scores that are due": {
        "task": "incubation.review.tasks.remind", "schedule": 1800, "options": {"expires": 1700},
    },
    "Remind, warn and close by the clock": {
        "task": "park.workflow.tasks.watch_clocks", "schedule": 300, "options": {"expires": 250},
    },
}
