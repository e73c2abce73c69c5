journal-error-key-reused = 这个请求编号已用于另一项操作。请换一个新的编号再试。
journal-error-key-length = 请求编号须为 1 至 200 个字符，现在是 { $length } 个。
journal-error-no-such-entry = 本社区的记录中没有第 { $position } 条。请从最新记录查起。
journal-error-broken = 第 { $position } 条记录与存证不符，数据可能被改动。请联系管理员用备份核对。
reference-tag-journal = 公开记录与证明
