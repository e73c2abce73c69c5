book-error-refused = 无法记账：{ $reason }
book-error-too-little = 需要 { $needed }，可用 { $available }。已预留和已过期的不计在内。
book-error-too-much = 对方账户最多还能收 { $room }，收不下 { $amount }：已到余额上限。
book-error-id-reused = 这一笔之前以别的内容提交过。请重新打开页面再试。
book-error-closed = 这笔预留已结束：已结清、取消或到期。
book-error-reversed = 这一笔已冲正过，只能冲正一次。
book-error-not-allowed = 这两类账户之间不允许以此事由转账。
book-error-broken = 账簿自相矛盾，未记账。请告知运维人员运行 “linli verify”。
