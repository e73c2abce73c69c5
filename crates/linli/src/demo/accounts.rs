//! Who signs in to the demo city: the staff of [`LOGINS`], and owners who vote on the platform.

use std::sync::Arc;

use identity::commands::{CreateAccount, CreateFirstAdministrator, GrantRole};
use identity::{HashCost, Language, Login, PasswordHash, Passwords};
use kernel::{AccountId, CommunityId, Role, Timestamp};
use people::model::OwnerId;

use super::maker::Maker;

/// Every demo login's password. The data is invented, and so is the secret.
pub(super) const PASSWORD: &str = "jianhu-2026-demo";

/// The demo logins and what each is.
pub(super) const LOGINS: [(&str, &str); 11] = [
    ("weiyuan", "committee member 业委会成员"),
    ("siku", "treasurer of the fund 社区基金司库"),
    ("yezhu", "owner 业主"),
    ("zhuhu", "resident 住户"),
    ("guanjia", "butler 管家"),
    ("shangjia", "provider 商家"),
    (
        "banjian",
        "clerk, for natural resources and planning 审批经办人（自然资源和规划局）",
    ),
    ("shenqing", "applicant 申请人"),
    ("jiandu", "supervisor of approvals 审批监督人员"),
    ("jiedao", "city staff 街道工作人员"),
    ("admin", "administrator 管理员"),
];

/// The accounts with a password.
pub(super) struct Staff {
    pub(super) committee: AccountId,
    pub(super) treasurer: AccountId,
    pub(super) owner: AccountId,
    pub(super) resident: AccountId,
    pub(super) butler: AccountId,
    pub(super) street: AccountId,
    pub(super) provider: AccountId,
    pub(super) clerk: AccountId,
    pub(super) applicant: AccountId,
    pub(super) supervisor: AccountId,
}

impl Staff {
    /// Opens their accounts.
    pub(super) async fn open(maker: &Maker) -> anyhow::Result<Self> {
        let at = maker.days_ago(121);
        let hash = tokio::task::spawn_blocking(|| -> anyhow::Result<Arc<PasswordHash>> {
            Ok(Arc::new(
                Passwords::new(HashCost::default())?.hash(PASSWORD, &[])?,
            ))
        })
        .await??;
        let account = |login: &str, name: &str, elder: bool| -> anyhow::Result<CreateAccount> {
            Ok(CreateAccount {
                login: Login::parse(login)?,
                name: name.to_owned(),
                password: Some(hash.as_ref().clone()),
                language: Language::Chinese,
                elder,
            })
        };
        let ctx = |number| maker.system(CommunityId::CITY, at, number);
        maker
            .run(
                ctx(1),
                CreateFirstAdministrator {
                    account: account("admin", "演示管理员", false)?,
                },
            )
            .await?;
        Ok(Self {
            committee: maker
                .run(ctx(2), account("weiyuan", "陈建国", false)?)
                .await?,
            treasurer: maker
                .run(ctx(22), account("siku", "钱文娟", false)?)
                .await?,
            owner: maker
                .run(ctx(3), account("yezhu", "王淑芬", false)?)
                .await?,
            resident: maker
                .run(ctx(4), account("zhuhu", "李小雨", false)?)
                .await?,
            butler: maker
                .run(ctx(5), account("guanjia", "周志强", false)?)
                .await?,
            street: maker.run(ctx(6), account("jiedao", "沈慧", false)?).await?,
            provider: maker
                .run(ctx(7), account("shangjia", "便民服务站", false)?)
                .await?,
            clerk: maker
                .run(ctx(8), account("banjian", "徐明", false)?)
                .await?,
            applicant: maker
                .run(ctx(9), account("shenqing", "吴工", false)?)
                .await?,
            supervisor: maker
                .run(ctx(21), account("jiandu", "何岩", false)?)
                .await?,
        })
    }

    /// Gives them their roles in a community, and the street its own in the city.
    pub(super) async fn appoint(
        &self,
        maker: &Maker,
        id: CommunityId,
        at: Timestamp,
    ) -> anyhow::Result<()> {
        let roles = [
            (self.committee, Role::CommitteeMember),
            (self.committee, Role::Owner),
            (self.owner, Role::Owner),
            (self.resident, Role::Resident),
            (self.butler, Role::Butler),
            (self.provider, Role::Provider),
            (self.treasurer, Role::CommitteeMember),
        ];
        for (number, (account, role)) in (10_u64..).zip(roles) {
            maker
                .run(maker.system(id, at, number), grant(account, role))
                .await?;
        }
        if id == maker.community_id(0) {
            maker
                .run(
                    maker.system(CommunityId::CITY, at, 20),
                    grant(self.street, Role::CityStaff),
                )
                .await?;
        }
        Ok(())
    }
}

/// Opens an account without a password for each of these owners of the community at place `index`.
pub(super) async fn open_for_owners(
    maker: &Maker,
    id: CommunityId,
    index: usize,
    owners: &[OwnerId],
) -> anyhow::Result<Vec<(OwnerId, AccountId)>> {
    let at = maker.days_ago(119);
    let mut commands = Vec::with_capacity(owners.len());
    for (place, _) in owners.iter().enumerate() {
        let number = 100_000 * (u64::try_from(index)? + 1) + u64::try_from(place)?;
        let account = CreateAccount {
            login: Login::parse(&format!("demo-owner-{index}-{place}"))?,
            name: format!("演示业主{}", place + 1),
            password: None,
            language: Language::Chinese,
            elder: place % 4 == 0,
        };
        commands.push((maker.system(CommunityId::CITY, at, number), account));
    }
    let accounts = maker.run_all("业主账号", commands).await?;
    let roles = (2000_u64..)
        .zip(&accounts)
        .map(|(number, account)| (maker.system(id, at, number), grant(*account, Role::Owner)));
    maker.run_all("业主身份", roles.collect()).await?;
    Ok(owners.iter().copied().zip(accounts).collect())
}

fn grant(account: AccountId, role: Role) -> GrantRole {
    GrantRole {
        account,
        role,
        organisation: None,
        until: None,
        reason: "演示数据".to_owned(),
    }
}
