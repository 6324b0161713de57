//! What the demo prints: one terminal screen.

use std::io::Write;

use edgelatch_tests::lab::Shipped;

use crate::stage::Stage;
use crate::story::Scene;
use crate::take::Take;
use crate::tokens::Tokens;

/// What runs, and the head of the table.
pub(crate) fn head(out: &mut impl Write, stage: &Stage) {
    let Shipped { api, issuer, upstream, .. } = stage.ports;
    let _ = writeln!(
        out,
        "\nclient -> Envoy 127.0.0.1:{api} with the filter -> upstream 127.0.0.1:{upstream}; \
         issuer 127.0.0.1:{issuer}\n"
    );
    line(out, ["step", "request", "expected", "status", "reason", "time (ms)"], "");
    let _ = writeln!(out, "{}", "-".repeat(100));
}

/// One row, with a mark if it is not as expected.
pub(crate) fn row(out: &mut impl Write, scene: &Scene, take: &Take) {
    let request = format!("{} {}", scene.method, scene.path);
    let expected = format!("{} {}", scene.status, scene.reason);
    let status = take.status.to_string();
    let time = format!("{:.1}", take.time.as_secs_f64() * 1000.0);
    let mark = if take.is_as_expected(scene) { "" } else { "  WRONG" };
    line(out, [scene.title, &request, &expected, &status, &take.reason, &time], mark);
    if let (Some(name), Some(value)) = (scene.shown, &take.shown) {
        let _ = writeln!(out, "    upstream received {name}: {value}");
    }
}

/// The sum of it, and where to look if it is not good.
pub(crate) fn foot(out: &mut impl Write, wrong: usize, stage: &Stage) {
    if wrong == 0 {
        let _ = writeln!(out, "\nevery row is as expected");
    } else {
        let logs = stage.logs().display();
        let _ = writeln!(out, "\n{wrong} rows marked WRONG are not as expected; logs: {logs}");
    }
}

/// How to try it by hand.
pub(crate) fn invitation(out: &mut impl Write, stage: &Stage, tokens: &Tokens) {
    let (api, reader) = (stage.ports.api, &stage.clients.reader);
    let _ = writeln!(
        out,
        "\nTry it; Ctrl-C stops everything. First without a token, then with one, then get a fresh one:\n\n\
         curl -i http://127.0.0.1:{api}/orders/17\n\n\
         curl -i http://127.0.0.1:{api}/orders/17 -H 'Authorization: Bearer {token}'\n\n\
         curl -u '{id}:{secret}' -d grant_type=client_credentials {issuer}/oauth2/token",
        token = tokens.reader,
        id = reader.client_id,
        secret = reader.client_secret,
        issuer = stage.issuer_url,
    );
    let _ = out.flush();
}

fn line(out: &mut impl Write, cells: [&str; 6], mark: &str) {
    let [step, request, expected, status, reason, time] = cells;
    let _ = writeln!(
        out,
        "{step:<26} {request:<18} {expected:<17} {status:<6} {reason:<13} {time:>9}{mark}"
    );
}
