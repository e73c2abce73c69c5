# 组件自己的话：短、客气、说清楚下一步。

ui-product = 邻里
ui-skip = 跳到正文
ui-demo = 演示数据：这里的人和房屋都是虚构的
ui-home = 回首页
ui-more = 更多
ui-main-navigation = 主要栏目
ui-breadcrumbs = 所在位置
ui-footer = 邻里的事，邻里商量着办。
ui-waiting = { $n } 件待办
ui-sign-in = 登录
ui-acting-for = 办事身份
ui-acting-self = 本人
ui-acting-change = 切换

ui-language = 语言
ui-mode = 显示方式
ui-mode-standard = 标准版
ui-mode-standard-text = 一屏看到更多内容
ui-mode-elder = 大字版
ui-mode-elder-text = 字更大，按钮更好按
ui-save = 保存

ui-optional = （选填）
ui-error = 请更正
ui-error-summary = 还差一点，请看看下面几处
ui-please-choose = 请选择
ui-unsaved = 填写的内容还没有提交，确定要离开吗？
ui-go-back = 先不，返回

ui-tone-info = 提示
ui-tone-success = 已完成
ui-tone-warning = 请注意
ui-tone-danger = 需要您处理

ui-step-done = 已完成
ui-step-current = 正在进行
ui-step-upcoming = 尚未开始
ui-step-stopped = 到此为止

ui-threshold-met = 已达到
ui-threshold-not-met = 未达到
ui-done-of = { $done } / { $all }

ui-nothing-here = 这里还没有内容
ui-export-excel = 导出 Excel 表格
ui-loading = 请稍候…
ui-pagination = 翻页
ui-newer = 较新的
ui-older = 较早的
ui-search = 搜索
ui-filters = 筛选
ui-no-history = 还没有记录
ui-before = 原来
ui-after = 现在

ui-receipt-code = 回执编号
ui-receipt-download = 保存回执
ui-receipt-check = 核验这张回执
ui-receipt-qr = 核验用的二维码
ui-print = 打印
ui-copy = 复制编号
ui-copied = 已复制

ui-verified = 条文已核对
ui-unverified = 条文未核对

ui-days-left = 还剩 { $n } 天
ui-hours-left = 还剩 { $n } 小时
ui-minutes-left = 还剩 { $n } 分钟
ui-moment-left = 不到一分钟
ui-days-ago = { $n } 天前
ui-hours-ago = { $n } 小时前
ui-minutes-ago = { $n } 分钟前
ui-moment-ago = 刚刚

ui-problem-400 = 这个请求我们没看懂
ui-problem-400-advice = 请返回上一页再试一次。如果是别人发来的链接，请核对是否完整。
ui-problem-401 = 请先登录
ui-problem-401-advice = 登录后会回到您要看的这一页。
ui-problem-403 = 这一页您暂时不能看
ui-problem-403-advice = 您的身份没有这项权限。如果应该有，请联系业委会或社区工作人员。
ui-problem-404 = 没有找到这一页
ui-problem-404-advice = 可能已经撤下，也可能是链接不完整。可以从首页重新找。
ui-problem-409 = 现在不能这样做
ui-problem-409-advice = 您这次的操作没有生效，没有改动任何内容。请返回看看最新情况。
ui-problem-413 = 文件太大了
ui-problem-413-advice = 请压缩或拆分后再上传。
ui-problem-429 = 操作太频繁了
ui-problem-429-advice = 请等 { $seconds } 秒再试，您之前完成的操作都已保存。
ui-problem-500 = 我们这边出了差错
ui-problem-500-advice = 您没有做错什么。请稍后再试；如果还不行，请把编号 { $reference } 告诉工作人员。
ui-problem-503 = 系统正在准备
ui-problem-503-advice = 请过一两分钟再来。
