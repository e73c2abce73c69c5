//! What an event does to a stage, or why it is refused there.

use jiff::civil::Date;
use policy::Text;

use super::{Asked, StageState, Stopped};
use crate::{Definition, What};

impl StageState {
    pub(super) fn take(
        &mut self,
        definition: &Definition,
        stage: &crate::Stage,
        on: Date,
        what: &What,
    ) -> Result<(), Text> {
        if let Some((decided, _)) = self.decided {
            return Err(Text::new(
                format!("“{}”已于 {decided} 办结", stage.title.zh),
                format!("stage `{}` was decided on {decided}", stage.id),
            ));
        }
        if let Some(refused) = self.refused {
            return Err(Text::new(
                format!(
                    "“{}”已于 {refused} 不予受理；重新申请请另立一件",
                    stage.title.zh
                ),
                format!(
                    "stage `{}` was refused on {refused}; a new application is a new case",
                    stage.id
                ),
            ));
        }
        match what {
            What::Submitted { .. } => once(&mut self.submitted, on, ("提交申请", "submitted")),
            What::CorrectionAsked { missing, .. } => self.ask_correction(on, missing),
            What::Corrected { .. } if self.correction_asked.is_none() => {
                Err(Text::new("未要求补正", "nothing was asked to be corrected"))
            }
            What::Corrected { .. } => once(&mut self.corrected, on, ("补正", "corrected")),
            What::Accepted { .. } | What::Refused { .. } => {
                self.take_in(on, matches!(what, What::Accepted { .. }))
            }
            What::Asked { unit, .. } => self.ask(definition, on, unit),
            What::Replied { unit, .. } => self.reply(on, unit),
            What::HandedOver { to, reason, .. } => {
                must_be_unit(definition, to)?;
                with_reason(reason)?;
                self.lead = Some(to.clone());
                Ok(())
            }
            What::Suspended { ground, .. } => self.stop(stage, on, ground),
            What::Resumed { .. } => self.resume(on),
            What::Extended {
                days,
                approved_by,
                reason,
                ..
            } => self.extend(stage, on, *days, approved_by, reason),
            What::Decided { result, reason, .. } => {
                self.must_be_accepted()?;
                if self.is_stopped() {
                    return Err(Text::new(
                        "计时停止中，请先恢复再作决定",
                        "the clock stands still; resume it before deciding",
                    ));
                }
                with_reason(reason)?;
                self.decided = Some((on, *result));
                Ok(())
            }
            What::Done { .. } | What::Withdrawn { .. } | What::Retracted { .. } => Ok(()),
        }
    }

    /// Whether the clock stands still.
    pub fn is_stopped(&self) -> bool {
        self.stops.last().is_some_and(|stop| stop.to.is_none())
    }

    fn must_be_accepted(&self) -> Result<(), Text> {
        match self.accepted {
            Some(_) => Ok(()),
            None => Err(Text::new("尚未受理", "it was not taken in yet")),
        }
    }

    fn ask_correction(&mut self, on: Date, missing: &[String]) -> Result<(), Text> {
        if self.submitted.is_none() {
            return Err(Text::new("尚未提交申请", "nothing was submitted yet"));
        }
        if self.accepted.is_some() {
            return Err(Text::new(
                "已受理；补正应在受理前一次告知",
                "it was taken in already; corrections are asked before",
            ));
        }
        if missing.iter().all(|thing| thing.trim().is_empty()) {
            return Err(Text::new(
                "请一次写明全部需补正的内容",
                "say what is missing, all of it",
            ));
        }
        once(
            &mut self.correction_asked,
            on,
            (
                "告知补正，补正只能一次告知",
                "asked to be corrected, and that may be asked only once",
            ),
        )?;
        self.missing = missing.to_vec();
        Ok(())
    }

    fn take_in(&mut self, on: Date, accepted: bool) -> Result<(), Text> {
        if self.submitted.is_none() {
            return Err(Text::new("尚未提交申请", "nothing was submitted yet"));
        }
        if accepted && self.correction_asked.is_some() && self.corrected.is_none() {
            return Err(Text::new(
                "需补正的材料尚未收到",
                "what is missing has not arrived",
            ));
        }
        if !accepted && self.accepted.is_some() {
            return Err(Text::new(
                "已受理，请作出决定",
                "it was taken in already; decide it instead",
            ));
        }
        let taken = if accepted {
            &mut self.accepted
        } else {
            &mut self.refused
        };
        once(taken, on, ("作出受理决定", "taken in"))
    }

    fn ask(&mut self, definition: &Definition, on: Date, unit: &str) -> Result<(), Text> {
        self.must_be_accepted()?;
        must_be_unit(definition, unit)?;
        if self
            .asked
            .iter()
            .any(|asked| asked.unit == unit && asked.replied.is_none())
        {
            return Err(Text::new(
                format!("已征求“{unit}”的意见，尚未答复"),
                format!("`{unit}` was asked already and has not replied"),
            ));
        }
        self.asked.push(Asked {
            unit: unit.to_owned(),
            on,
            replied: None,
        });
        Ok(())
    }

    fn reply(&mut self, on: Date, unit: &str) -> Result<(), Text> {
        let mut waiting = self
            .asked
            .iter_mut()
            .filter(|asked| asked.unit == unit && asked.replied.is_none());
        let asked = waiting.next().ok_or_else(|| {
            Text::new(
                format!("未征求“{unit}”的意见，或其已答复"),
                format!("`{unit}` was not asked, or has replied already"),
            )
        })?;
        asked.replied = Some(on);
        Ok(())
    }

    fn stop(&mut self, stage: &crate::Stage, on: Date, ground: &str) -> Result<(), Text> {
        self.must_be_accepted()?;
        if self.is_stopped() {
            return Err(Text::new("计时已停止", "the clock stands still already"));
        }
        if !stage.suspensions.iter().any(|known| known.ground == ground) {
            let known: Vec<&str> = stage
                .suspensions
                .iter()
                .map(|known| known.ground.as_str())
                .collect();
            return Err(Text::new(
                format!(
                    "“{ground}”不是此处可停止计时的法定事由；可用：{}",
                    known.join("、")
                ),
                format!(
                    "`{ground}` is no ground to stop the clock here; there is: {}",
                    known.join(", ")
                ),
            ));
        }
        self.stops.push(Stopped {
            ground: ground.to_owned(),
            from: on,
            to: None,
        });
        Ok(())
    }

    fn resume(&mut self, on: Date) -> Result<(), Text> {
        let stopped = self.stops.last_mut().filter(|stop| stop.to.is_none());
        let stop = stopped.ok_or_else(|| {
            Text::new(
                "计时未停止，无从恢复",
                "the clock does not stand still; stop it first",
            )
        })?;
        stop.to = Some(on);
        Ok(())
    }

    fn extend(
        &mut self,
        stage: &crate::Stage,
        on: Date,
        days: u32,
        approved_by: &str,
        reason: &str,
    ) -> Result<(), Text> {
        self.must_be_accepted()?;
        let allowed = stage
            .extension
            .as_ref()
            .map_or(0, |extension| extension.days);
        if days == 0 || days > allowed {
            return Err(Text::new(
                format!("拟延长 {days} 日，最多可延长 {allowed} 日"),
                format!("{days} days are asked, {allowed} may be added"),
            ));
        }
        if approved_by.trim().is_empty() {
            return Err(Text::new(
                "延长期限须写明批准人",
                "an extension needs who approved it",
            ));
        }
        with_reason(reason)?;
        if self.extended.is_some() {
            return Err(Text::new(
                "期限已延长过，只能延长一次",
                "it was extended already, and that may be done only once",
            ));
        }
        self.extended = Some((on, days));
        Ok(())
    }
}

fn once(place: &mut Option<Date>, on: Date, what: (&str, &str)) -> Result<(), Text> {
    if let Some(before) = *place {
        let (zh, en) = what;
        return Err(Text::new(
            format!("{before} 已{zh}"),
            format!("on {before} it was {en}"),
        ));
    }
    *place = Some(on);
    Ok(())
}

fn must_be_unit(definition: &Definition, unit: &str) -> Result<(), Text> {
    if definition.units.iter().any(|known| known.id == unit) {
        return Ok(());
    }
    Err(Text::new(
        format!("流程没有单位“{unit}”"),
        format!("the process knows no unit `{unit}`"),
    ))
}

fn with_reason(reason: &str) -> Result<(), Text> {
    if reason.trim().is_empty() {
        return Err(Text::new("请写明理由", "give a reason"));
    }
    Ok(())
}
