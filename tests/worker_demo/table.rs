//! What the demo prints: one terminal screen.

use std::io::Write;

use edgelatch_tests::lab::{LabError, Shipped};

use crate::acts;
use crate::stage::Stage;
use crate::story::Scene;
use crate::take::Take;

/// The table, and how many of its rows are wrong.
pub(crate) struct Table<Out> {
    out: Out,
    wrong: usize,
}

impl<Out: Write> Table<Out> {
    /// What runs, and the head of the table.
    pub(crate) fn begin(out: Out, stage: &Stage) -> Self {
        let Shipped { api, issuer, upstream, .. } = stage.ports;
        let mut table = Self { out, wrong: 0 };
        table.say(&format!(
            "\nclient -> workerd 127.0.0.1:{api} with the gateway -> upstream 127.0.0.1:{upstream}; \
             issuer 127.0.0.1:{issuer}\n"
        ));
        table.line(["step", "request", "expected", "status", "reason", "time (ms)"], "");
        table.say(&"-".repeat(100));
        table
    }

    /// One row, with a mark if it is not as expected.
    pub(crate) fn row(&mut self, scene: &Scene, take: &Take) {
        let request = format!("{} {}", scene.method, scene.path);
        let expected = format!("{} {}", scene.status, scene.reason);
        let (status, time) = (take.status.to_string(), milliseconds(take.time));
        let mark = self.mark(take.is_as_expected(scene));
        self.line([scene.title, &request, &expected, &status, &take.reason, &time], mark);
        if let (Some(name), Some(value)) = (scene.shown, &take.shown) {
            self.say(&format!("    upstream received {name}: {value}"));
        }
    }

    /// Something that was measured, and whether it is within what is promised.
    pub(crate) fn measured(&mut self, text: &str, is_kept: bool) {
        let mark = self.mark(is_kept);
        self.say(&format!("    {text}{mark}"));
    }

    /// The sum of it, and where to look if it is not good.
    pub(crate) fn end(&mut self, stage: &Stage) -> usize {
        let wrong = self.wrong;
        let sum = match wrong {
            0 => "\nevery row is as expected".to_owned(),
            _ => format!(
                "\n{wrong} rows marked WRONG are not as expected; logs: {}",
                stage.logs().display()
            ),
        };
        self.say(&sum);
        wrong
    }

    /// How to try it by hand.
    pub(crate) fn invitation(&mut self, stage: &Stage) -> Result<(), LabError> {
        let (api, reader) = (stage.ports.api, &stage.clients.reader);
        let token = acts::token(stage, reader)?;
        self.say(&format!(
            "\nTry it; Ctrl-C stops everything. First without a token, then with one, then get a fresh one:\n\n\
             curl -i http://127.0.0.1:{api}/orders/17\n\n\
             curl -i http://127.0.0.1:{api}/orders/17 -H 'Authorization: Bearer {token}'\n\n\
             curl -u '{id}:{secret}' -d grant_type=client_credentials {issuer}/oauth2/token",
            id = reader.client_id,
            secret = reader.client_secret,
            issuer = stage.issuer_url,
        ));
        Ok(())
    }

    fn mark(&mut self, is_right: bool) -> &'static str {
        self.wrong += usize::from(!is_right);
        if is_right { "" } else { "  WRONG" }
    }

    fn line(&mut self, cells: [&str; 6], mark: &str) {
        let [step, request, expected, status, reason, time] = cells;
        self.say(&format!(
            "{step:<26} {request:<18} {expected:<17} {status:<6} {reason:<13} {time:>9}{mark}"
        ));
    }

    fn say(&mut self, text: &str) {
        // A terminal that is gone is no reason to stop.
        let _ = writeln!(self.out, "{text}");
        let _ = self.out.flush();
    }
}

pub(crate) fn milliseconds(time: std::time::Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}
