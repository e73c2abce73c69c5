//! Writes the component page and every error page as files, in both languages and both modes,
//! with the assets beside them: `cargo run -p web-ui --example gallery -- DIR`.

use std::{error::Error, fs, path::PathBuf, sync::Arc};

use web_ui::{
    Flash, FooterLink, Icon, Language, MESSAGES, Messages, NavItem, Problem, Tone, Ui, UserChip,
    assets, component_page, error_page,
};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(
        std::env::args()
            .nth(1)
            .unwrap_or_else(|| "gallery".to_owned()),
    );
    fs::create_dir_all(folder.join("assets"))?;
    for (name, asset) in assets() {
        fs::write(folder.join("assets").join(name), asset.bytes)?;
    }
    let messages = Arc::new(Messages::build(MESSAGES)?);
    for language in Language::ALL {
        for elder in [false, true] {
            let ui = sample_ui(&messages, language, elder);
            let mode = if elder { "elder" } else { "standard" };
            let write = |name: &str, page: maud::Markup| {
                let file = folder.join(format!("{name}.{}.{mode}.html", language.tag()));
                fs::write(file, page.into_string())
            };
            write("components", component_page(&ui))?;
            for problem in problems() {
                write(
                    &format!("error-{}", problem.status()),
                    error_page(&ui, &problem, None),
                )?;
            }
        }
    }
    println!("{}", folder.display());
    Ok(())
}

fn problems() -> [Problem; 9] {
    [
        Problem::BadRequest,
        Problem::SignInFirst,
        Problem::Forbidden,
        Problem::NotFound,
        Problem::Conflict,
        Problem::TooLarge,
        Problem::TooMany { retry_seconds: 30 },
        Problem::Internal {
            reference: "7F3K-9QW2".to_owned(),
        },
        Problem::Unavailable,
    ]
}

fn sample_ui(messages: &Arc<Messages>, language: Language, elder: bool) -> Ui {
    let zh = language == Language::Zh;
    let say = |chinese: &str, english: &str| (if zh { chinese } else { english }).to_owned();
    let mut ui = Ui::new(Arc::clone(messages), language);
    ui.elder = elder;
    ui.now = 1_795_453_500_000_000;
    ui.community_name = say("仓桥直街社区", "Cangqiao Street");
    "/components".clone_into(&mut ui.path);
    ui.demo = true;
    ui.user = Some(UserChip {
        name: say("王秀英", "Wang Xiuying"),
        role_label: say("业主 · 3-502", "Owner · 3-502"),
        href: "/me".to_owned(),
    });
    ui.flashes = vec![Flash {
        tone: Tone::Success,
        text: say("已保存。", "Saved."),
    }];
    ui.navigation = [
        (say("首页", "Home"), Icon::Home, 0),
        (say("决定", "Decisions"), Icon::Vote, 1),
        (say("公告", "Notices"), Icon::Announcement, 0),
        (say("名册", "Roll"), Icon::Building, 0),
        (say("邻居", "People"), Icon::People, 0),
        (say("记录", "Record"), Icon::History, 12),
        (say("设置", "Settings"), Icon::Settings, 0),
    ]
    .into_iter()
    .enumerate()
    .map(|(place, (label, icon, badge))| NavItem {
        href: format!("/place-{place}"),
        label,
        icon,
        current: place == 1,
        badge,
    })
    .collect();
    ui.footer = vec![
        FooterLink {
            href: "/verify".to_owned(),
            label: say("核验回执", "Check a receipt"),
        },
        FooterLink {
            href: "/privacy".to_owned(),
            label: say("隐私", "Privacy"),
        },
        FooterLink {
            href: "/accessibility".to_owned(),
            label: say("无障碍", "Accessibility"),
        },
    ];
    ui
}
