# The components' own words: short, kind, with the next step.

ui-product = Linli
ui-skip = Skip to content
ui-demo = Demo data: the people and homes here are invented
ui-home = Go to the home page
ui-more = More
ui-main-navigation = Main navigation
ui-breadcrumbs = You are here
ui-footer = What concerns neighbours, neighbours settle together.
ui-waiting = { $n ->
    [one] one thing waits
   *[other] { $n } things wait
}
ui-sign-in = Sign in
ui-acting-for = Acting for
ui-acting-self = Myself
ui-acting-change = Switch

ui-language = Language
ui-mode = Display
ui-mode-standard = Standard
ui-mode-standard-text = More on one screen
ui-mode-elder = Large
ui-mode-elder-text = Larger text and buttons
ui-save = Save

ui-optional = (optional)
ui-error = Please correct
ui-error-summary = Almost there: please look at these
ui-please-choose = Please choose
ui-unsaved = What you typed has not been sent. Leave anyway?
ui-go-back = No, go back

ui-tone-info = Note
ui-tone-success = Done
ui-tone-warning = Please note
ui-tone-danger = Needs you

ui-step-done = done
ui-step-current = now
ui-step-upcoming = to come
ui-step-stopped = ended here

ui-threshold-met = reached
ui-threshold-not-met = not reached
ui-done-of = { $done } of { $all }

ui-nothing-here = Nothing here yet
ui-export-excel = Save as Excel
ui-loading = One moment…
ui-pagination = Pages
ui-newer = Newer
ui-older = Older
ui-search = Search
ui-filters = Filters
ui-no-history = Nothing recorded yet
ui-before = before
ui-after = now

ui-receipt-code = Receipt code
ui-receipt-download = Save the receipt
ui-receipt-check = Check this receipt
ui-receipt-qr = QR code to check this receipt
ui-print = Print
ui-copy = Copy the code
ui-copied = Copied

ui-verified = text verified
ui-unverified = text unverified

ui-days-left = { $n ->
    [one] one day left
   *[other] { $n } days left
}
ui-hours-left = { $n ->
    [one] one hour left
   *[other] { $n } hours left
}
ui-minutes-left = { $n ->
    [one] one minute left
   *[other] { $n } minutes left
}
ui-moment-left = less than a minute left
ui-days-ago = { $n ->
    [one] one day ago
   *[other] { $n } days ago
}
ui-hours-ago = { $n ->
    [one] one hour ago
   *[other] { $n } hours ago
}
ui-minutes-ago = { $n ->
    [one] one minute ago
   *[other] { $n } minutes ago
}
ui-moment-ago = just now

ui-problem-400 = We could not read that request
ui-problem-400-advice = Please go back and try again. If someone sent you the link, check that it is complete.
ui-problem-401 = Please sign in first
ui-problem-401-advice = You will come back to this page afterwards.
ui-problem-403 = This page is not open to you
ui-problem-403-advice = Your role does not include it. If it should, please ask the owners' committee or the community office.
ui-problem-404 = We could not find this page
ui-problem-404-advice = It may have been taken down, or the link is incomplete. Start from the home page.
ui-problem-409 = This can't be done now
ui-problem-409-advice = Your action had no effect; nothing was changed. Please go back and see where things stand.
ui-problem-413 = That file is too large
ui-problem-413-advice = Please make it smaller or split it, then send it again.
ui-problem-429 = That was a little too often
ui-problem-429-advice = Please wait { $seconds } seconds. Everything you did before is saved.
ui-problem-500 = Something went wrong on our side
ui-problem-500-advice = You did nothing wrong. Please try again later; if it stays, tell the office this number: { $reference }.
ui-problem-503 = Getting ready
ui-problem-503-advice = Please come back in a minute or two.
