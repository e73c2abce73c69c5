//! Every component with its states on one page: what designers look at and browser tests measure.
//! Its sample sentences are data, invented for this page, so they stand here and not in Fluent.

use maud::{Markup, PreEscaped, Render, html};

use crate::{
    Choice, Column, Form, FormErrors, Heading, HistoryEntry, Icon, Input, Language, Shade, Step,
    StepState, Tab, Tone, Ui, actions, announcement, badge, button, card, checkbox, choices,
    citation, confirm, disclosure, empty, facts, field, file_upload, form, history, icon,
    link_button, loading, needs_you, notice, pagination, preferences_form, progress, receipt, row,
    rows, search, section, select, share_bar, stat, stats, table, tabs, textarea, timeline,
};

const HOUR: i64 = 3_600_000_000;

/// The component page, in the reader's language and mode; shown at `/components`.
pub fn component_page(ui: &Ui) -> Markup {
    let heading = Heading::new(say(ui, "组件", "Components"))
        .crumb("/", say(ui, "首页", "Home"))
        .status(badge(Shade::Jade, say(ui, "样例", "Samples")))
        .lead(say(
            ui,
            "白墙，黛瓦，一点玉色；朱砂只留给要您办的事。",
            "White wall, dark tile, one jade accent; vermilion only for what needs you.",
        ))
        .actions(link_button("#forms", say(ui, "看表单", "To the forms")).secondary());
    let body = html! {
        (notices(ui))
        (figures(ui))
        (lists(ui))
        (bars(ui))
        (steps(ui))
        div #forms { (forms(ui)) }
        (ballot(ui))
        (proofs(ui))
        (tables(ui))
        (notice_board(ui))
        (small_things(ui))
        (icons(ui))
    };
    ui.page(heading, body)
}

fn say<'a>(ui: &Ui, zh: &'a str, en: &'a str) -> &'a str {
    match ui.language {
        Language::Zh => zh,
        Language::En => en,
    }
}

fn notices(ui: &Ui) -> Markup {
    section(
        say(ui, "提示", "Notices"),
        html! {
            (needs_you(
                ui,
                say(ui, "请投票：是否续聘物业服务企业", "Please vote: keep the property manager?"),
                html! { (say(ui, "投票截止", "Voting closes")) ": " (ui.countdown(ui.now + 70 * HOUR)) },
                link_button("#vote", say(ui, "去投票", "Vote now")).icon(Icon::Vote),
            ))
            (notice(ui, Tone::Success, say(ui, "您的一票已记录，回执可以随时核验。", "Your vote is recorded; check the receipt any time.")))
            (notice(ui, Tone::Info, say(ui, "投票期间可以修改，以最后一次为准。", "You may change your vote until the close; the last one counts."))
                .title(say(ui, "可以改投", "You may change it")))
            (notice(ui, Tone::Warning, say(ui, "有 3 户的专有面积与不动产登记不一致。", "Three units differ from the property register."))
                .title(say(ui, "请核对名册", "Please check the roll"))
                .action(link_button("#roll", say(ui, "查看这 3 户", "See the three")).secondary()))
            (notice(ui, Tone::Danger, say(ui, "第 14 行：面积不能为 0。整份名册没有导入。", "Line 14: the area cannot be 0. Nothing was imported.")))
        },
    )
}

fn figures(ui: &Ui) -> Markup {
    section(
        say(ui, "数字与卡片", "Figures and cards"),
        html! {
            (stats([
                stat("#units", ui.number(1204), say(ui, "专有部分", "Units")).note(say(ui, "24 幢楼", "24 buildings")),
                stat("#votes", ui.number(842), say(ui, "已投票", "Voted")).note(ui.share(842, 1204)),
                stat("#area", "10.8", say(ui, "万平方米", "10,000 ㎡")).note(ui.area(10_812_345)),
                stat("#fund", ui.money(128_400_050), say(ui, "维修资金", "Repair fund")),
            ]))
            div.cards {
                (card(say(ui, "续聘物业服务企业", "Keep the property manager"), html! {
                    p { (say(ui, "合同三年，每平方米每月 1.80 元。", "Three years at ¥1.80 per ㎡ and month.")) }
                })
                .href("#matter")
                .status(badge(Shade::Vermilion, say(ui, "等您投票", "Your vote")))
                .needs_you())
                (card(say(ui, "3 幢电梯更新", "New lift in building 3"), html! {
                    p { (say(ui, "使用维修资金 42 万元，异议期还有 5 天。", "¥420,000 from the repair fund; objections for 5 more days.")) }
                })
                .status(badge(Shade::Jade, say(ui, "异议期", "Objections open")))
                .footer(actions(link_button("#objection", say(ui, "提出异议", "Object")).secondary())))
            }
        },
    )
}

fn lists(ui: &Ui) -> Markup {
    section(
        say(ui, "列表与筛选", "Lists and filters"),
        html! {
            (search(ui, "#", say(ui, "电梯", "lift"))
                .label(say(ui, "在决定中查找", "Search decisions"))
                .filter("#all", say(ui, "全部", "All"), false)
                .filter("#open", say(ui, "投票中", "Open"), true)
                .filter("#final", say(ui, "已生效", "Final"), false))
            (tabs(say(ui, "决定", "Decisions"), [
                Tab::new("#now", say(ui, "进行中", "Running"), true),
                Tab::new("#past", say(ui, "往期", "Past"), false),
                Tab::new("#draft", say(ui, "草稿", "Drafts"), false),
            ]))
            (rows([
                row("#1", say(ui, "续聘物业服务企业", "Keep the property manager"))
                    .icon(Icon::Vote).detail(ui.relative(ui.now + 70 * HOUR))
                    .status(badge(Shade::Vermilion, say(ui, "等您投票", "Your vote"))).needs_you(),
                row("#2", say(ui, "修订《业主大会议事规则》", "Amend the rules of procedure"))
                    .icon(Icon::Law).detail(html! { (say(ui, "公告于 ", "Announced ")) (ui.date(ui.now)) })
                    .status(badge(Shade::Mist, say(ui, "公告中", "Announced"))),
                row("#3", say(ui, "利用外墙设置广告", "Advertising on the outer wall"))
                    .icon(Icon::Building).detail(ui.relative(ui.now - 900 * HOUR))
                    .status(badge(Shade::Tile, say(ui, "未通过", "Not passed"))),
            ]))
            (pagination(ui, Some("#newer"), Some("#older")))
        },
    )
}

fn bars(ui: &Ui) -> Markup {
    let heads = say(ui, "参与投票 · 人数", "Taking part · heads");
    let area = say(ui, "参与投票 · 面积", "Taking part · area");
    let consent = say(ui, "同意 · 人数", "In favour · heads");
    section(
        say(ui, "双过半、双三分之二", "Majorities"),
        html! {
            (share_bar(heads, 1204)
                .part(Shade::Jade, say(ui, "已参与", "took part"), 842, ui.number(842))
                .rest(say(ui, "未参与", "did not"))
                .threshold(ui, (2, 3), say(ui, "至少三分之二", "at least two thirds"), Some(true)))
            (share_bar(area, 10_812_345)
                .part(Shade::Jade, say(ui, "已参与", "took part"), 7_102_233, ui.area(7_102_233))
                .rest(say(ui, "未参与", "did not"))
                .threshold(ui, (2, 3), say(ui, "至少三分之二", "at least two thirds"), Some(false)))
            (share_bar(consent, 842)
                .part(Shade::Jade, say(ui, "赞成", "for"), 506, ui.number(506))
                .part(Shade::Tile, say(ui, "反对", "against"), 231, ui.number(231))
                .part(Shade::Mist, say(ui, "弃权", "abstained"), 105, ui.number(105))
                .threshold(ui, (1, 2), say(ui, "超过半数", "more than half"), None))
            (progress(ui, say(ui, "表决票送达", "Ballots delivered"), 1130, 1204))
        },
    )
}

fn steps(ui: &Ui) -> Markup {
    section(
        say(ui, "进度", "The way it takes"),
        timeline(
            ui,
            [
                Step::new(say(ui, "公告", "Announced"), StepState::Done)
                    .detail(ui.date(ui.now - 500 * HOUR)),
                Step::new(say(ui, "投票", "Voting"), StepState::Current).detail(html! {
                    (say(ui, "截止 ", "until ")) (ui.moment(ui.now + 70 * HOUR))
                }),
                Step::new(say(ui, "计票", "Counted"), StepState::Upcoming),
                Step::new(say(ui, "异议期", "Objections"), StepState::Upcoming)
                    .detail(say(ui, "7 天", "7 days")),
                Step::new(say(ui, "生效公告", "Final"), StepState::Upcoming),
            ],
        ),
    )
}

fn forms(ui: &Ui) -> Markup {
    let mut errors = FormErrors::new();
    errors.add(
        "area",
        say(
            ui,
            "面积要大于 0，例如 89.53",
            "The area must be above 0, e.g. 89.53",
        ),
    );
    errors.add(
        "phone",
        say(ui, "手机号是 11 位数字", "A mobile number has 11 digits"),
    );
    let fields = html! {
        (field(ui, "name", say(ui, "业主姓名", "Owner's name")).required().autocomplete("name").value("王秀英"))
        (field(ui, "area", say(ui, "专有面积", "Exclusive area")).required().input(Input::Number)
            .hint(say(ui, "以不动产权证为准", "As on the property certificate")).suffix("㎡").value("0")
            .error(errors.of("area")))
        (field(ui, "phone", say(ui, "手机号", "Mobile number")).input(Input::Phone).autocomplete("tel")
            .value("1380013800").error(errors.of("phone")))
        (field(ui, "delivered", say(ui, "送达日期", "Delivered on")).input(Input::Date))
        (select(ui, "matter", say(ui, "表决事项", "Matter")).required()
            .hint(say(ui, "选好后会显示适用的比例和条文", "Its thresholds and clauses then appear"))
            .option("hire", say(ui, "选聘物业服务企业", "Hire a property manager"))
            .option("fund", say(ui, "使用维修资金", "Use the repair fund")))
        (textarea(ui, "reason", say(ui, "说明", "Reasons")).max_length(2000).lines(4))
        (file_upload(ui, "roll", say(ui, "业主名册", "Roll of owners")).accept(".xlsx,.csv")
            .hint(say(ui, "Excel 或 CSV，先试读，不会直接写入", "Excel or CSV; a dry run first, nothing is written")))
        (checkbox(ui, "agree", say(ui, "我已核对以上内容", "I have checked the above")).required())
    };
    section(
        say(ui, "表单", "Forms"),
        html! {
            (unfocused(&form(ui, "#", fields).multipart().guard_unsaved(ui).errors(ui, &errors)
                .button(button(say(ui, "保存", "Save")))
                .button(link_button("#", say(ui, "取消", "Cancel")).secondary())))
            (actions(html! {
                (button(say(ui, "主要", "Primary")))
                (button(say(ui, "次要", "Secondary")).secondary())
                (button(say(ui, "撤回", "Withdraw")).danger())
                (button(say(ui, "不那么急", "Quiet")).quiet())
                (button(say(ui, "还不能按", "Disabled")).disabled(true))
                (link_button("#", say(ui, "下载", "Download")).icon(Icon::Download).secondary())
            }))
        },
    )
}

/// On its own page a form with errors takes the focus; here that would scroll past half the page.
fn unfocused(form: &Form) -> Markup {
    PreEscaped(form.render().into_string().replace(" autofocus", ""))
}

fn ballot(ui: &Ui) -> Markup {
    let question = say(
        ui,
        "是否同意续聘现在的物业三年？",
        "Keep the property manager for three years?",
    );
    let cards = choices(ui, "choice", question)
        .required()
        .hint(say(
            ui,
            "一户一票，截止前可以修改",
            "One vote a unit; you may change it until the close",
        ))
        .selected("for")
        .choice(Choice::new("for", say(ui, "赞成", "For")).icon(Icon::Check))
        .choice(Choice::new("against", say(ui, "反对", "Against")).icon(Icon::Cross))
        .choice(
            Choice::new("abstain", say(ui, "弃权", "Abstain"))
                .icon(Icon::Abstain)
                .text(say(
                    ui,
                    "算作参与，不算赞成",
                    "Counts as taking part, not as in favour",
                )),
        )
        .choice(
            Choice::new("follow", say(ui, "随多数", "Follow the majority"))
                .icon(Icon::Follow)
                .text(say(
                    ui,
                    "本小区的议事规则没有这一项",
                    "Not in this community's rules",
                ))
                .disabled(),
        );
    section(
        say(ui, "投票", "Ballot"),
        html! {
            div #vote {
                (form(ui, "#", cards).button(button(say(ui, "下一步：确认", "Next: confirm")).icon(Icon::Forward)))
            }
            (confirm(
                ui,
                "#",
                html! { (say(ui, "您代表 3 幢 502 室投：", "For unit 3-502 you vote: ")) b { (say(ui, "赞成", "for")) } },
                &[("choice", "for")],
                button(say(ui, "确认投票", "Cast this vote")).icon(Icon::Vote),
                "#vote",
            ))
        },
    )
}

fn proofs(ui: &Ui) -> Markup {
    let quote = "业主共同决定事项，应当由专有部分面积占比三分之二以上的业主且人数占比三分之二以上的业主参与表决。";
    section(
        say(ui, "回执、条文、记录", "Receipts, clauses, the record"),
        html! {
            (receipt(ui, say(ui, "投票回执", "Receipt of a vote"), "7F3K9QW2M4XD8RTB")
                .fact(say(ui, "事项", "Matter"), say(ui, "续聘物业服务企业", "Keep the property manager"))
                .fact(say(ui, "户室", "Unit"), "3-502")
                .fact(say(ui, "时间", "Time"), ui.moment(ui.now))
                .note(say(ui, "用它可以核验您的一票在公布的记录里。", "It proves that your vote stands in the published record."))
                .download("#receipt").check("#verify").qr("https://linli.example/verify/7F3K9QW2M4XD8RTB"))
            (citation(ui, "《中华人民共和国民法典》第二百七十八条", true).href("#law").quote(quote)
                .applies(say(ui, "适用于：选聘物业服务企业（第四项）", "Applies to: hiring a property manager (item 4)")))
            (citation(ui, "《绍兴市物业管理条例》第七条", false)
                .applies(say(ui, "条文尚未与官方文本核对。", "Not yet compared with the official text.")))
            (history(ui, [
                HistoryEntry::new(ui.now, say(ui, "业委会 · 陈建国", "Committee · Chen Jianguo"), say(ui, "更正了一条面积", "corrected an area"))
                    .change(say(ui, "3-502 专有面积", "Area of 3-502"), "98.53 ㎡", "89.53 ㎡").position(1842),
                HistoryEntry::new(ui.now - 30 * HOUR, say(ui, "业委会 · 陈建国", "Committee · Chen Jianguo"), say(ui, "发布了表决公告", "published the announcement"))
                    .position(1790),
            ]))
            (facts([
                (say(ui, "名册冻结", "Roll frozen"), ui.date_time(ui.now)),
                (say(ui, "专有面积合计", "Total area"), ui.area(10_812_345)),
                (say(ui, "计票口径", "Counting"), say(ui, "同一买受人多套房按一人计", "One buyer of several units counts once").to_owned()),
            ]))
        },
    )
}

fn tables(ui: &Ui) -> Markup {
    let columns = [
        Column::text(say(ui, "表决意见", "Choice")),
        Column::number(say(ui, "户数", "Units")),
        Column::number(say(ui, "人数", "Heads")),
        Column::number(say(ui, "面积", "Area")),
    ];
    let line = |label: &str, units, heads, area| {
        [
            label.to_owned(),
            ui.number(units),
            ui.number(heads),
            ui.area(area),
        ]
    };
    section(
        say(ui, "表格", "Tables"),
        html! {
            (table(ui, say(ui, "计票结果", "Result of the count"), columns.clone())
                .row(line(say(ui, "赞成", "For"), 521, 506, 4_702_210))
                .row(line(say(ui, "反对", "Against"), 240, 231, 2_133_050))
                .row(line(say(ui, "弃权", "Abstained"), 110, 105, 902_400))
                .total(line(say(ui, "合计", "Total"), 871, 842, 7_737_660))
                .export(ui, "#result.xlsx"))
            (table(ui, say(ui, "异议", "Objections"), columns))
        },
    )
}

fn notice_board(ui: &Ui) -> Markup {
    let text = html! {
        p { (say(ui, "经 2026 年 11 月 3 日至 23 日书面征求意见，参与表决的业主人数和专有部分面积均达到三分之二以上，同意的均超过半数，本事项通过。", "Owners were asked in writing from 3 to 23 November 2026. More than two thirds by heads and by area took part; more than half of each agreed. The matter is carried.")) }
        ol {
            li { (say(ui, "续聘期限三年，自 2027 年 1 月 1 日起。", "Three years from 1 January 2027.")) }
            li { (say(ui, "收费每平方米每月 1.80 元，不变。", "¥1.80 per ㎡ and month, unchanged.")) }
        }
    };
    section(
        say(ui, "公告", "Announcements"),
        announcement(
            ui,
            say(
                ui,
                "关于续聘物业服务企业的公告",
                "Keeping the property manager",
            ),
            text,
        )
        .number(say(ui, "仓桥业委〔2026〕7 号", "Cangqiao Committee 2026/7"))
        .signed(
            say(
                ui,
                "仓桥直街社区业主委员会",
                "Owners' committee, Cangqiao Street",
            ),
            ui.date(ui.now),
        ),
    )
}

fn small_things(ui: &Ui) -> Markup {
    section(
        say(ui, "其他", "Others"),
        html! {
            p.badges {
                (badge(Shade::Wall, say(ui, "草稿", "Draft"))) " "
                (badge(Shade::Mist, say(ui, "公告中", "Announced"))) " "
                (badge(Shade::Jade, say(ui, "投票中", "Open"))) " "
                (badge(Shade::Tile, say(ui, "已归档", "Closed"))) " "
                (badge(Shade::Vermilion, say(ui, "等您处理", "Needs you")))
            }
            div {
                (disclosure(say(ui, "为什么是三分之二？", "Why two thirds?"), html! {
                    p { (say(ui, "民法典第二百七十八条要求面积和人数都达到。", "Article 278 of the Civil Code asks for both area and heads.")) }
                }))
                (disclosure(say(ui, "没投票的怎么算？", "What of those who did not vote?"), html! {
                    p { (say(ui, "按本小区议事规则，不计入参与。", "By this community's rules they do not take part.")) }
                }))
            }
            (empty(Icon::Announcement, say(ui, "还没有公告", "No announcements yet"))
                .text(say(ui, "业委会发布后会出现在这里。", "They appear here once the committee publishes one."))
                .action(link_button("#", say(ui, "写第一份公告", "Write the first"))))
            div.htmx-request { (loading(ui, "sample-loading")) }
            (preferences_form(ui))
        },
    )
}

fn icons(ui: &Ui) -> Markup {
    section(
        say(ui, "图标", "Icons"),
        html! {
            ul.stats.icons {
                @for &sign in Icon::ALL {
                    li { (icon(sign)) small { (format!("{sign:?}")) } }
                }
            }
        },
    )
}
