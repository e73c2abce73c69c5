home-lead = 邻里相助，大家的事大家定。
home-nothing-waits = 现在没有需要您办理的事
home-nothing-waits-text = 有新的表决或通知时会显示在这里。
home-places = 可以做什么
nav-decisions-text = 查看和参与业主共同决定
nav-people-text = 楼栋、房屋、业主和住户
nav-record-text = 每一步操作都留有可核验的记录
account-nav-members-text = 成员、角色和邀请
