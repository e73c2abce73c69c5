### 账号、登录、角色。

permission-identity-appoint-committee = 任免业委会成员
permission-identity-read-personal-data = 查看完整个人信息
permission-identity-view-members = 查看成员
permission-identity-register-organisation = 登记组织
identity-error-sealed = 加密保存的个人信息无法打开。请用与本数据库对应的密钥文件启动系统。
identity-error-internal = 系统内部出错，没有作任何更改。请告知管理员。
identity-error-not-signed-in = 您还没有登录，请先登录。
identity-error-sign-in-refused = 账号或密码不对。请再试一次，或到社区服务台领取新的代码。
identity-error-account-disabled = 此账号已停用，请到社区服务台咨询。
identity-error-too-many-attempts = 登录失败次数过多。请在 { $seconds } 秒后再试，或请管理员解锁。
identity-error-too-many-requests = 操作过于频繁，请在 { $seconds } 秒后再试。
identity-error-confirm-first = 此操作需要再次确认身份。请先输入密码或使用通行密钥。
identity-error-password-too-short = 密码至少要 { $shortest } 个字符。建议用几个只有您会放在一起的词。
identity-error-password-too-long = 密码最多 { $longest } 个字符，请改短一些。
identity-error-password-common = 这个密码太常见，很容易被猜到。建议用几个只有您会放在一起的词。
identity-error-password-personal = 密码里不要有您的姓名、账号或电话。请换别人不知道的词。
identity-error-invalid-login = 请填写手机号，或 3 至 32 个字母、数字、点、横线组成的用户名。
identity-error-login-taken = 这个账号已被使用。请用它登录，或换一个。
identity-error-invalid-text = { $field ->
    [name] 请填写名称，1 至 { $limit } 个字。
    [reason] 请填写原因，1 至 { $limit } 个字。
    [label] 请填写设备名称，1 至 { $limit } 个字。
   *[other] 有一项未填写或超过 { $limit } 个字。
}
identity-error-until-passed = 结束时间已经过去，请选择以后的时间。
identity-error-no-such-account = 这里没有这个账号。请按姓名或账号查找。
identity-error-no-such-session = 这个登录已经结束，请刷新列表。
identity-error-no-such-organisation = 这里没有这个单位，请先登记。
identity-error-no-such-role = 此账号没有这个角色，请刷新列表。
identity-error-role-held = 此账号在这里已有这个角色。
identity-error-role-not-here = 这个角色不能这样授予。
identity-error-last-administrator = 这是最后一位管理员，请先任命另一位。
identity-error-last-login = 账号至少要保留一个登录名，请先添加另一个。
identity-error-administrator-exists = 已经有管理员了。请用其账号登录，或为其重设密码。
identity-error-on-oneself = 不能对自己的账号做这件事，请另一位有权限的人来做。
identity-error-not-a-member = 您不是这个单位的成员，请由该单位任命。
identity-error-needs-administrator = 此账号有工作人员角色，须由管理员办理。
identity-error-code-unknown = 没有这个代码。请逐字核对，或领取新的代码。
identity-error-code-settled = 这个代码已经用过或被收回，请领取新的代码。
identity-error-code-expired = 这个代码已经过期，请领取新的代码。
identity-error-ceremony-expired = 通行密钥的请求已过期，请重新开始。
identity-error-passkey-refused = 通行密钥没有通过。请再试一次，或用密码登录。
identity-error-no-such-passkey = 此账号没有这个通行密钥，请刷新列表。
identity-error-too-many = { $what ->
    [logins] 每个账号最多 { $limit } 个登录名，请先删除一个。
   *[passkeys] 每个账号最多 { $limit } 个通行密钥，请先删除一个。
}

identity-role-resident = 居民
identity-role-owner = 业主
identity-role-butler = 管家
identity-role-committee_member = 业主委员会成员
identity-role-provider = 服务商
identity-role-applicant = 申请人
identity-role-city_staff = 街道、社区工作人员
identity-role-supervisor = 监督人员
identity-role-administrator = 系统管理员

identity-organisation-committee = 委员会
identity-organisation-property_company = 物业服务企业
identity-organisation-provider = 服务商
identity-organisation-city_department = 街道、部门
identity-organisation-developer = 建设单位

permission-identity-invite = 邀请居民和业主
permission-identity-appoint = 任命管家和服务商
permission-identity-reset = 发放重设密码的代码
permission-identity-administer = 管理账号

identity-assurance-password = 密码
identity-assurance-passkey = 通行密钥

entry-identity-account-created = 开通了账号
entry-identity-account-disabled = 停用了账号
entry-identity-account-enabled = 恢复了账号
entry-identity-administrator-created = 设立了首位管理员
entry-identity-code-issued = 发出了邀请或重置码
entry-identity-code-redeemed = 使用了邀请或重置码
entry-identity-code-withdrawn = 收回了未用的码
entry-identity-login-added = 添加了登录名
entry-identity-login-removed = 移除了登录名
entry-identity-organisation-registered = 登记了单位
entry-identity-passkey-added = 添加了通行密钥
entry-identity-passkey-removed = 移除了通行密钥
entry-identity-passkey-renamed = 更改了通行密钥名称
entry-identity-password-changed = 更改了密码
entry-identity-password-reset = 凭码重置了密码
entry-identity-password-set = 在服务器上设置了密码
entry-identity-personal_data-read = 完整查看了个人信息
entry-identity-profile-changed = 更改了姓名或设置
entry-identity-role-ended = 终止了角色
entry-identity-role-granted = 授予了角色
entry-identity-session-acting_for = 选择了办事身份
entry-identity-session-all_ended = 退出了所有设备
entry-identity-session-confirmed = 再次验证了身份
entry-identity-session-ended = 退出了登录
entry-identity-session-rotated = 更新了会话
entry-identity-session-started = 登录
entry-identity-sign_in-failed = 登录失败
entry-identity-sign_in-unlocked = 解除了登录等待
