//! Files that run: late, near their limit, standing still, waiting for the applicant, due in a year without a notice, closed.

use approvals::Act;
use flow::Decision;

use super::{Deed, Done, finish, stage};

/// A file: project, days since it was submitted, what happened since.
type Told = (&'static str, i64, Vec<Done>);

/// Those that run and those that have just ended.
pub(super) fn files() -> Vec<Told> {
    let mut files = running();
    files.extend(waiting());
    files.extend(closed());
    files
}

/// Their clocks run: two stages along, late, waiting for another unit, near the limit, extended beyond the year.
fn running() -> Vec<Told> {
    vec![
        (
            "兰亭未来社区一期",
            60,
            vec![
                (58, accept()),
                (50, record()),
                (48, permit()),
                (46, decide(Decision::Passed, "符合规划条件")),
                (40, Deed::Next),
            ],
        ),
        ("鉴湖数字产业园", 45, vec![(44, accept())]),
        (
            "迪荡邻里中心改造",
            24,
            vec![(23, accept()), (20, ask_unit())],
        ),
        (
            "越王城地下停车场",
            30,
            vec![(29, accept()), (24, stop()), (14, resume())],
        ),
        ("梅山江滨公园配套", 17, vec![(16, accept()), (12, record())]),
        ("灵芝街道文化中心", 3, vec![(2, accept())]),
        ("望江楼片区有机更新", 6, vec![(4, accept()), (2, extend())]),
    ]
}

/// They stand still, or wait for the applicant or to be taken in.
fn waiting() -> Vec<Told> {
    vec![
        ("镜湖幼儿园", 20, vec![(19, accept()), (15, stop())]),
        ("塔山卫生服务站", 6, vec![(5, ask())]),
        ("北海社区食堂", 9, vec![(8, ask()), (4, Deed::Answer)]),
        ("城南人才公寓", 2, vec![]),
    ]
}

/// Nothing follows any more.
fn closed() -> Vec<Told> {
    vec![
        (
            "东浦老街修缮",
            35,
            vec![
                (34, accept()),
                (30, record()),
                (28, permit()),
                (26, decide(Decision::Failed, "与详细规划不符")),
            ],
        ),
        ("马山停车楼", 15, vec![(13, accept()), (10, Deed::Withdraw)]),
        ("皋埠污水泵站", 12, vec![(11, refuse())]),
    ]
}

fn lead(act: Act) -> Deed {
    Deed::Office(0, act)
}

fn accept() -> Deed {
    lead(Act::Accept { stage: stage() })
}

fn refuse() -> Deed {
    let reason = "不属于本级职权范围".to_owned();
    lead(Act::Refuse {
        stage: stage(),
        reason,
    })
}

fn stop() -> Deed {
    let ground = "hearing".to_owned();
    lead(Act::Suspend {
        stage: stage(),
        ground,
    })
}

fn resume() -> Deed {
    lead(Act::Resume { stage: stage() })
}

fn extend() -> Deed {
    lead(Act::Extend {
        stage: stage(),
        days: 15,
        approved_by: "分管副局长".to_owned(),
        reason: "涉及历史建筑，需现场复核".to_owned(),
    })
}

fn ask() -> Deed {
    let missing = vec!["项目备案文件".to_owned(), "授权委托书原件".to_owned()];
    lead(Act::AskCorrection {
        stage: stage(),
        missing,
    })
}

fn ask_unit() -> Deed {
    let unit = "development_reform".to_owned();
    lead(Act::Ask {
        stage: stage(),
        unit,
    })
}

fn record() -> Deed {
    Deed::Office(2, finish("project_record"))
}

fn permit() -> Deed {
    lead(finish("land_permit"))
}

fn decide(result: Decision, reason: &str) -> Deed {
    let reason = reason.to_owned();
    lead(Act::Decide {
        stage: stage(),
        result,
        reason,
    })
}
