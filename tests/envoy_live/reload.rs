//! Another policy while Envoy serves.

use serde_json::json;

use super::edge::{Edge, Plan, inline_policy, token, wait_until};

#[test]
fn a_broken_policy_is_named_in_the_log_and_the_old_one_keeps_serving() {
    let nowhere = ([127, 0, 0, 1], 9).into();
    let edge = Edge::start(Plan::new(inline_policy(), nowhere));
    assert_eq!(edge.get(&token("es256-1", 0)).status, 200);
    assert_eq!(edge.count_in_log("else any client can write X-Forwarded-For"), 0);

    let mut broken = inline_policy();
    broken["routes"][0]["scope"] = json!(["orders:read"]);
    edge.reload(&broken);
    edge.wait_for_log("configuration refused: routes[0]");
    edge.wait_for_log("config update rejected");
    assert_eq!(edge.get(&token("es256-1", 0)).status, 200);
    assert_eq!(edge.get("x").status, 401);

    let mut sound = inline_policy();
    sound["routes"][0]["networks"] = json!(["192.0.2.0/24"]);
    edge.reload(&sound);
    edge.wait_for_log("else any client can write X-Forwarded-For");
    // The new listener takes over a moment after its filter was configured.
    wait_until("the sound policy is in use", || edge.get(&token("es256-1", 0)).status == 403);
    edge.check_no_trap();
}
