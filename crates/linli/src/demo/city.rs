//! The demo city: two communities of Shaoxing, made deterministically by the same commands that people use.

use std::sync::Arc;

use anyhow::Context as _;
use ballot::resolution::{Choice, Matter, SilenceRule};
use decisions::{
    AcknowledgeBallot, AdoptRules, AnnounceResult, AnswerObjection, CastVote, Channel, CountVotes,
    DeliveryChannel, Draft, DraftResolution, Meeting, PublishResolution, RaiseObjection,
    RecordDelivery, RecordVote, ResolutionId, Rules,
};
use identity::commands::{CreateAccount, CreateFirstAdministrator, GrantRole};
use identity::{HashCost, Language, Login, PasswordHash, Passwords, Roles};
use indicatif::ProgressBar;
use journal::Command;
use kernel::{
    AccountId, Actor, CommunityId, Context, Grants, Randomness, Role, Timestamp, Uuid, Window,
};
use people::commands::{CreateCommunity, ImportRoll, LinkAccount};
use people::model::{ElectorUnit, OwnerId, PersonRef, UnitsCounted};
use shell::App;
use tokio::task::JoinSet;

/// Every demo login's password. The data is invented, and so is the secret.
pub(crate) const PASSWORD: &str = "jianhu-2026-demo";

/// The demo logins and what each is.
pub(crate) const LOGINS: [(&str, &str); 6] = [
    ("weiyuan", "committee member 业委会成员"),
    ("yezhu", "owner 业主"),
    ("zhuhu", "resident 住户"),
    ("guanjia", "butler 管家"),
    ("jiedao", "city staff 街道工作人员"),
    ("admin", "administrator 管理员"),
];

/// How many owners of a community have a login and vote on the platform.
const OWNERS_ONLINE: usize = 240;
/// How many commands run side by side; the lane commits them in groups.
const SIDE_BY_SIDE: usize = 256;

/// Whether the demo city stands in the database already.
pub(crate) fn exists(app: &App) -> anyhow::Result<bool> {
    let communities = app
        .database()
        .read_blocking(|read| people::queries::communities(read))?;
    Ok(!communities.is_empty())
}

/// Makes the city. Times lie in the past as a real history would have them.
pub(crate) async fn make(app: &App, bar: &ProgressBar) -> anyhow::Result<()> {
    let maker = Maker {
        app: app.clone(),
        bar: bar.clone(),
        today: app.now(),
    };
    let staff = maker.accounts().await?;
    for index in 0..2 {
        maker.community(index, &staff).await?;
    }
    Ok(())
}

struct Maker {
    app: App,
    bar: ProgressBar,
    today: Timestamp,
}

/// The accounts with a password.
struct Staff {
    committee: AccountId,
    owner: AccountId,
    resident: AccountId,
    butler: AccountId,
    street: AccountId,
}

/// A community while it is made.
struct Town {
    id: CommunityId,
    committee: AccountId,
    electors: Vec<ElectorUnit>,
    /// Owners with a login.
    online: Vec<(OwnerId, AccountId)>,
}

impl Maker {
    /// Midnight in China, `days` before today.
    fn days_ago(&self, days: i64) -> Timestamp {
        Timestamp::start_of(self.today.plus_days(-days).date())
    }

    fn system(&self, community: CommunityId, at: Timestamp, number: u64) -> Context {
        let grants = self.app.directory().system();
        self.context(Actor::System, grants, community, at, number)
    }

    fn acting(
        &self,
        account: AccountId,
        role: Role,
        community: CommunityId,
        at: Timestamp,
        number: u64,
    ) -> Context {
        let grants = self.app.directory().grants(Roles::NONE.with(role));
        self.context(Actor::account(account), grants, community, at, number)
    }

    /// `number` makes the context's randomness: the same number, the same ids and salts.
    fn context(
        &self,
        actor: Actor,
        grants: Grants,
        community: CommunityId,
        now: Timestamp,
        number: u64,
    ) -> Context {
        let [high, low] = [community.uuid().as_u64_pair().1, number];
        let random = Randomness::from_number(high.rotate_left(17) ^ low);
        Context {
            actor,
            community,
            now,
            random,
            grants,
            vault: self.app.vault().clone(),
            idempotency_key: None,
        }
    }

    async fn run<C: Command>(&self, ctx: Context, command: C) -> anyhow::Result<C::Outcome>
    where
        C::Error: std::error::Error + Sync,
    {
        Ok(self.app.journal().execute(ctx, command).await?)
    }

    /// Runs many commands, a few hundred side by side.
    async fn run_all<C: Command>(
        &self,
        what: &str,
        commands: Vec<(Context, C)>,
    ) -> anyhow::Result<Vec<C::Outcome>>
    where
        C::Error: std::error::Error + Sync,
    {
        self.bar.set_message(what.to_owned());
        self.bar
            .set_length(u64::try_from(commands.len()).unwrap_or(0));
        self.bar.set_position(0);
        let mut outcomes: Vec<Option<C::Outcome>> = commands.iter().map(|_| None).collect();
        let mut running = JoinSet::new();
        let mut waiting = commands.into_iter().enumerate();
        loop {
            while running.len() < SIDE_BY_SIDE {
                let Some((place, (ctx, command))) = waiting.next() else {
                    break;
                };
                let journal = self.app.journal().clone();
                running.spawn(async move { (place, journal.execute(ctx, command).await) });
            }
            let Some(done) = running.join_next().await else {
                break;
            };
            let (place, outcome) = done?;
            if let Some(slot) = outcomes.get_mut(place) {
                *slot = Some(outcome?);
            }
            self.bar.inc(1);
        }
        Ok(outcomes.into_iter().flatten().collect())
    }

    async fn accounts(&self) -> anyhow::Result<Staff> {
        let at = self.days_ago(121);
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
        let ctx = |number| self.system(CommunityId::CITY, at, number);
        self.run(
            ctx(1),
            CreateFirstAdministrator {
                account: account("admin", "演示管理员", false)?,
            },
        )
        .await?;
        Ok(Staff {
            committee: self
                .run(ctx(2), account("weiyuan", "陈建国", false)?)
                .await?,
            owner: self.run(ctx(3), account("yezhu", "王淑芬", false)?).await?,
            resident: self.run(ctx(4), account("zhuhu", "李小雨", false)?).await?,
            butler: self
                .run(ctx(5), account("guanjia", "周志强", false)?)
                .await?,
            street: self.run(ctx(6), account("jiedao", "沈慧", false)?).await?,
        })
    }

    async fn community(&self, index: usize, staff: &Staff) -> anyhow::Result<()> {
        let number = u64::try_from(index)?;
        let seed = Randomness::from_number(2026 + number);
        let made = people::demo::community(&seed, index);
        let id = CommunityId::from_uuid(self.context_id(number));
        let at = self.days_ago(120);
        self.bar.set_message(made.name.clone());
        let create = CreateCommunity {
            name: made.name,
            place: made.place,
            address: made.address,
            is_demo: true,
        };
        self.run(self.system(id, at, 1), create).await?;
        let import = ImportRoll {
            units: made.units,
            residents: Some(made.residents),
            file_sha256: "0".repeat(64),
            is_confirmed: true,
        };
        self.run(self.system(id, at, 2), import).await?;
        self.roles(id, at, staff).await?;
        let town = self.town(id, index, staff).await?;
        self.rules(&town, index).await?;
        self.past(&town).await?;
        self.running(&town).await?;
        self.announced(&town).await
    }

    /// The community's id: the same in every demo.
    fn context_id(&self, number: u64) -> Uuid {
        self.system(
            CommunityId::CITY,
            Timestamp::from_micros(1_577_836_800_000_000),
            1000 + number,
        )
        .new_uuid()
    }

    async fn roles(&self, id: CommunityId, at: Timestamp, staff: &Staff) -> anyhow::Result<()> {
        let roles = [
            (staff.committee, Role::CommitteeMember),
            (staff.committee, Role::Owner),
            (staff.owner, Role::Owner),
            (staff.resident, Role::Resident),
            (staff.butler, Role::Butler),
        ];
        for (number, (account, role)) in (10_u64..).zip(roles) {
            self.run(self.system(id, at, number), grant(account, role))
                .await?;
        }
        if id.uuid() == self.context_id(0) {
            self.run(
                self.system(CommunityId::CITY, at, 20),
                grant(staff.street, Role::CityStaff),
            )
            .await?;
        }
        Ok(())
    }

    /// Reads who may vote, and gives some of the owners a login.
    async fn town(&self, id: CommunityId, index: usize, staff: &Staff) -> anyhow::Result<Town> {
        let electorate = self
            .app
            .database()
            .read(move |read| people::queries::electorate(read, id, UnitsCounted::default()))
            .await?;
        let electors: Vec<ElectorUnit> = electorate
            .units
            .into_iter()
            .filter(|unit| !unit.is_developers)
            .collect();
        let mut owners: Vec<OwnerId> = electors
            .iter()
            .filter(|unit| unit.owners.len() == 1)
            .flat_map(|unit| unit.owners.clone())
            .collect();
        owners.sort_unstable();
        owners.dedup();
        owners.truncate(OWNERS_ONLINE);
        let mut online = vec![];
        let mut free = owners.into_iter();
        for account in [staff.owner, staff.committee] {
            online.extend(free.next().map(|owner| (owner, account)));
        }
        let rest: Vec<OwnerId> = free.collect();
        online.extend(self.owner_accounts(id, index, &rest).await?);
        let at = self.days_ago(118);
        let links = (5000_u64..).zip(&online).map(|(number, (owner, account))| {
            let link = LinkAccount {
                person: PersonRef::Owner(*owner),
                account: *account,
                evidence: "身份证与不动产权证核验（演示）".to_owned(),
            };
            (self.system(id, at, number), link)
        });
        self.run_all("业主认证", links.collect()).await?;
        Ok(Town {
            id,
            committee: staff.committee,
            electors,
            online,
        })
    }

    async fn owner_accounts(
        &self,
        id: CommunityId,
        index: usize,
        owners: &[OwnerId],
    ) -> anyhow::Result<Vec<(OwnerId, AccountId)>> {
        let at = self.days_ago(119);
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
            commands.push((self.system(CommunityId::CITY, at, number), account));
        }
        let accounts = self.run_all("业主账号", commands).await?;
        let roles = (2000_u64..)
            .zip(&accounts)
            .map(|(number, account)| (self.system(id, at, number), grant(*account, Role::Owner)));
        self.run_all("业主身份", roles.collect()).await?;
        Ok(owners.iter().copied().zip(accounts).collect())
    }

    async fn rules(&self, town: &Town, index: usize) -> anyhow::Result<()> {
        let rules = Rules {
            version: 0,
            source: "业主大会议事规则（演示）第十二条".to_owned(),
            silence: if index == 0 {
                SilenceRule::NotCounted
            } else {
                SilenceRule::Participates
            },
            vote_may_change: true,
            follow_allowed: index == 0,
            turnout_while_open: true,
            objection_days: 7,
        };
        let ctx = self.acting(
            town.committee,
            Role::CommitteeMember,
            town.id,
            self.days_ago(110),
            30,
        );
        self.run(ctx, AdoptRules { rules }).await?;
        Ok(())
    }

    /// Decided: the lifts were repaired.
    async fn past(&self, town: &Town) -> anyhow::Result<()> {
        let draft = Draft {
            title: "使用维修资金更换 1 至 6 幢电梯曳引机".to_owned(),
            body:
                "拟使用物业专项维修资金 86.4 万元，更换 1 至 6 幢共 12 台电梯的曳引机和控制柜。\n\
                   施工单位经比选确定，工期 45 天，由业委会委托第三方监理。"
                    .to_owned(),
            matter: Matter::UseRepairFund,
            meeting: Meeting::Regular,
            window: self.window(60, 46),
        };
        let id = self.publish(town, draft, 80).await?;
        self.deliver(town, id, self.days_ago(58), 1080).await?;
        self.vote(town, id, self.days_ago(52), 900, 78).await?;
        let committee =
            |at, number| self.acting(town.committee, Role::CommitteeMember, town.id, at, number);
        self.run(
            committee(self.days_ago(45), 60_001),
            CountVotes { resolution: id },
        )
        .await?;
        let objection = self.object(town, id).await?;
        let answer = AnswerObjection {
            resolution: id,
            objection,
            text: "施工合同和监理记录已张贴在 1 幢大厅公告栏，也可以到业委会办公室查阅。"
                .to_owned(),
        };
        self.run(committee(self.days_ago(40), 60_003), answer)
            .await?;
        let remark = "由业委会与中选单位签订合同，于 45 天内完成，竣工后公布决算。".to_owned();
        self.run(
            committee(self.days_ago(36), 60_004),
            AnnounceResult {
                resolution: id,
                remark,
            },
        )
        .await?;
        Ok(())
    }

    async fn object(
        &self,
        town: &Town,
        id: ResolutionId,
    ) -> anyhow::Result<decisions::ObjectionId> {
        let (_, account) = *town
            .online
            .get(5)
            .context("a demo community has owners with a login")?;
        let ctx = self.acting(account, Role::Owner, town.id, self.days_ago(42), 60_002);
        let text = "请公布施工单位的比选记录。".to_owned();
        self.run(
            ctx,
            RaiseObjection {
                resolution: id,
                text,
            },
        )
        .await
    }

    /// Running: where the bicycles are to stand.
    async fn running(&self, town: &Town) -> anyhow::Result<()> {
        let draft = Draft {
            title: "将北门空地改造为电动自行车集中充电棚".to_owned(),
            body: "拟将小区北门东侧约 320 平方米共有空地改造为电动自行车集中充电棚，设充电位 160 个。\n\
                   建设费用由中标运营单位承担，每年向全体业主返还场地收益 4.8 万元，列入公共收益账户。"
                .to_owned(),
            matter: Matter::ChangeCommonUse,
            meeting: Meeting::Regular,
            window: self.window(4, -12),
        };
        let id = self.publish(town, draft, 22).await?;
        self.deliver(town, id, self.days_ago(3), 860).await?;
        self.vote(town, id, self.days_ago(2), 520, 83).await
    }

    /// Announced, not open yet: the committee's election.
    async fn announced(&self, town: &Town) -> anyhow::Result<()> {
        let draft = Draft {
            title: "续聘物业服务企业并调整服务标准".to_owned(),
            body:
                "拟续聘现物业服务企业，合同期三年，物业费不变；增加夜间巡逻和每周一次的楼道清洗。"
                    .to_owned(),
            matter: Matter::HirePropertyManager,
            meeting: Meeting::Regular,
            window: self.window(-17, -31),
        };
        self.publish(town, draft, 1).await?;
        Ok(())
    }

    /// From nine o'clock that many days ago until six in the evening that many days ago; negative lies ahead.
    fn window(&self, opens_days_ago: i64, closes_days_ago: i64) -> Window {
        Window {
            opens: self.days_ago(opens_days_ago).plus_seconds(9 * 3600),
            closes: self.days_ago(closes_days_ago).plus_seconds(18 * 3600),
        }
    }

    async fn publish(
        &self,
        town: &Town,
        draft: Draft,
        days_ago: i64,
    ) -> anyhow::Result<ResolutionId> {
        let number = 40_000 + days_ago.unsigned_abs();
        let at = self.days_ago(days_ago);
        let committee =
            |at, number| self.acting(town.committee, Role::CommitteeMember, town.id, at, number);
        let id = self
            .run(committee(at, number), DraftResolution { draft })
            .await?;
        let at = at.plus_seconds(3600);
        self.run(
            committee(at, number + 1000),
            PublishResolution { resolution: id },
        )
        .await?;
        Ok(id)
    }

    /// Delivers the ballot to the first units, by hand.
    async fn deliver(
        &self,
        town: &Town,
        id: ResolutionId,
        at: Timestamp,
        units: usize,
    ) -> anyhow::Result<()> {
        let ways = [
            DeliveryChannel::Hand,
            DeliveryChannel::Message,
            DeliveryChannel::LetterBox,
        ];
        let commands = town
            .electors
            .iter()
            .take(units)
            .zip(0_u64..)
            .zip(ways.into_iter().cycle());
        let commands = commands.map(|((unit, place), channel)| {
            let delivery = RecordDelivery {
                resolution: id,
                unit: unit.unit,
                channel,
                delivered_at: at,
                evidence: "送达登记表（演示）".to_owned(),
                warned_of_silence: true,
            };
            let number = 1_000_000
                + u64::try_from(at.micros() / 86_400_000_000).unwrap_or(0) * 10_000
                + place;
            (
                self.acting(
                    town.committee,
                    Role::CommitteeMember,
                    town.id,
                    at.plus_seconds(60),
                    number,
                ),
                delivery,
            )
        });
        self.run_all("送达表决票", commands.collect()).await?;
        Ok(())
    }

    /// Votes come in for the first units: on the platform where the owner has a login, else on paper, at the door or by
    /// phone. `percent_for` of them are in favour.
    async fn vote(
        &self,
        town: &Town,
        id: ResolutionId,
        at: Timestamp,
        units: usize,
        percent_for: u64,
    ) -> anyhow::Result<()> {
        let lot = Randomness::from_number(u64::try_from(at.micros()).unwrap_or(0));
        let day = u64::try_from(at.micros() / 86_400_000_000).unwrap_or(0) * 10_000;
        let (mut online, mut opened, mut recorded) = (vec![], vec![], vec![]);
        for (place, unit) in (0_u64..).zip(town.electors.iter().take(units)) {
            let choice = match lot.below(100) {
                drawn if drawn < percent_for => Choice::For,
                drawn if drawn < percent_for + (100 - percent_for) * 2 / 3 => Choice::Against,
                _ => Choice::Abstain,
            };
            let account = town
                .online
                .iter()
                .find(|(owner, _)| unit.owners == [*owner])
                .map(|(_, account)| *account);
            let number = 2_000_000 + day + place;
            if let Some(account) = account {
                // The demo owner's own vote is left to whoever tries the demo.
                if town.online.first().is_some_and(|(_, own)| *own == account)
                    && at > self.days_ago(10)
                {
                    continue;
                }
                let ctx = |number| self.acting(account, Role::Owner, town.id, at, number);
                opened.push((
                    ctx(number + 3_000_000),
                    AcknowledgeBallot {
                        resolution: id,
                        unit: unit.unit,
                    },
                ));
                online.push((
                    ctx(number),
                    CastVote {
                        resolution: id,
                        unit: unit.unit,
                        choice,
                    },
                ));
            } else {
                let channel = [
                    Channel::Paper,
                    Channel::Door,
                    Channel::Paper,
                    Channel::Phone,
                ]
                .get(usize::try_from(place % 4)?)
                .copied()
                .unwrap_or(Channel::Paper);
                let ctx = self.acting(
                    town.committee,
                    Role::CommitteeMember,
                    town.id,
                    at.plus_seconds(60),
                    number,
                );
                let vote = RecordVote {
                    resolution: id,
                    unit: unit.unit,
                    choice,
                    channel,
                    received_at: at,
                    evidence: format!("表决票第 {} 号，业委会档案柜（演示）", place + 1),
                };
                recorded.push((ctx, vote));
            }
        }
        self.run_all("打开表决票", opened).await?;
        self.run_all("电子投票", online).await?;
        self.run_all("登记纸质投票", recorded).await?;
        Ok(())
    }
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
