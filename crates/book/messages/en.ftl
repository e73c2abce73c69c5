book-error-refused = This can't be posted: { $reason }
book-error-too-little = { $needed } is needed and { $available } is available. What is reserved or has expired doesn't count.
book-error-too-much = The receiving account can take { $room } more, not { $amount }: it has reached its greatest balance.
book-error-id-reused = This was sent before with other contents. Load the page anew and try again.
book-error-closed = This reservation is closed: it was settled, cancelled or ran out.
book-error-reversed = This was reversed before. It can be reversed once.
book-error-not-allowed = Nothing may move between these two kinds of account for this reason.
book-error-broken = The book contradicts itself, so nothing was posted. Tell whoever runs Linli to run “linli verify”.
