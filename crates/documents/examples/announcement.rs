//! Sets a sample announcement of an owners' decision: `cargo run -p documents --example
//! announcement > announcement.pdf`.

use std::io::Write as _;

use documents::{Align, Block, Document, Signature, TableBlock, Verification, to_pdf};
use jiff::civil::date;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    std::io::stdout().write_all(&to_pdf(&announcement())?)?;
    Ok(())
}

fn announcement() -> Document {
    let paragraph = |text: &str| Block::Paragraph(text.to_owned());
    let heading = |text: &str| Block::Heading(text.to_owned());
    Document {
        title: "镜湖区府山街道鲁迅花园小区业主大会关于使用维修资金更新电梯的决定公告".to_owned(),
        number: "鲁园业〔2026〕7号".to_owned(),
        blocks: vec![
            Block::Address("全体业主：".to_owned()),
            paragraph(
                "根据《中华人民共和国民法典》第二百七十八条、《浙江省物业管理条例》和本小区《业主大会议事规则》\
                 的规定，业主大会于2026年4月1日至4月20日以书面和互联网方式，就“使用建筑物及其附属设施的维修资金\
                 更新3幢、5幢电梯”进行了表决。表决期间共送达表决票1,204户，现将结果公告如下：",
            ),
            heading("一、表决事项"),
            Block::KeyFacts(vec![
                ("事项".into(), "使用维修资金更新3幢、5幢共6部电梯，预算1,386,000.00元".into()),
                ("适用规定".into(), "《民法典》第二百七十八条第一款第（五）项".into()),
                ("表决方式".into(), "互联网、纸质表决票、上门、电话；每户只计一次".into()),
                ("表决期间".into(), "2026年4月1日9:00至4月20日18:00".into()),
            ]),
            heading("二、表决结果"),
            Block::Table(TableBlock {
                caption: "表1　参与表决与同意的情况".into(),
                columns: vec![
                    ("项目".into(), Align::Start),
                    ("人数".into(), Align::End),
                    ("占比".into(), Align::End),
                    ("专有部分面积（㎡）".into(), Align::End),
                    ("占比".into(), Align::End),
                    ("法定条件".into(), Align::Center),
                    ("是否达到".into(), Align::Center),
                ],
                rows: vec![
                    row(["全体", "1,176", "100.00%", "128,903.47", "100.00%", "—", "—"]),
                    row(["参与表决", "901", "76.62%", "99,120.05", "76.89%", "三分之二以上", "是"]),
                    row(["同意", "742", "82.35%", "80,004.89", "80.72%", "过半数", "是"]),
                    row(["反对", "103", "11.43%", "12,877.16", "12.99%", "", ""]),
                    row(["弃权", "56", "6.22%", "6,238.00", "6.29%", "", ""]),
                ],
            }),
            paragraph(
                "参与表决的专有部分面积和人数均达到三分之二以上，同意的专有部分面积和人数均超过参与表决\
                 专有部分面积和人数的半数，本决定通过，对全体业主具有约束力。",
            ),
            heading("三、异议"),
            paragraph(
                "业主认为本决定侵害其合法权益的，可以在公告之日起七日内向业主委员会书面提出，也可以自知道或者\
                 应当知道之日起一年内依法请求人民法院予以撤销。经办人：王䶮、李喆、陈垚。",
            ),
            Block::Table(TableBlock {
                caption: "表2　各幢参与情况".into(),
                columns: vec![
                    ("幢".into(), Align::Center),
                    ("户数".into(), Align::End),
                    ("送达".into(), Align::End),
                    ("参与".into(), Align::End),
                    ("说明".into(), Align::Start),
                ],
                rows: (1..=34)
                    .map(|building| {
                        let note = if building % 5 == 0 {
                            "其中二户由代理人凭授权委托书投票，一户改投后以最后一次为准，纸质票与线上票不一致的已逐户核对。"
                        } else {
                            ""
                        };
                        row([&format!("{building}幢"), "36", "36", "28", note])
                    })
                    .collect(),
            }),
            Block::Note("注：面积以不动产登记为准，按0.01㎡计；一人有多套的，人数按一人计（法释〔2009〕7号第九条）。".into()),
        ],
        signature: Some(Signature {
            signatories: vec!["鲁迅花园小区业主大会".into(), "鲁迅花园小区业主委员会".into()],
            date: date(2026, 5, 1),
            seal: true,
        }),
        verification: Some(Verification {
            lines: vec![
                "本公告及全部表决记录已写入本小区公开账册，第18,204条，任何业主都可凭回执核对自己的一票是否计入。".into(),
                "账册首部：size 18205，root bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=".into(),
                "核对方法：扫描左侧二维码，或访问 https://linli.example.cn/c/luyuan/decisions/7".into(),
            ],
            qr: "https://linli.example.cn/c/luyuan/decisions/7?head=18205".into(),
        }),
        footer: "鲁园业〔2026〕7号".into(),
    }
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}
