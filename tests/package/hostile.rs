//! What programs and callers may do to the package (W08).

use super::node::script;

#[test]
fn w08_whatever_is_handed_over_gets_a_verdict_or_a_named_error() {
    check("hostile.mjs", 9);
}

#[test]
fn requests_at_the_same_time_do_not_see_each_other() {
    check("together.mjs", 5);
}

#[test]
fn the_core_takes_over_from_webcrypto_where_it_is_faster() {
    check("fastest.mjs", 5);
}

#[test]
fn tokens_that_come_again_are_kept_and_no_others() {
    check("known.mjs", 5);
}

#[test]
fn what_was_allowed_is_repeated_only_while_it_holds() {
    check("standing.mjs", 14);
    check("alike.mjs", 1);
}

#[test]
fn documents_that_are_slow_wrong_or_old_give_nobody_access() {
    check("documents.mjs", 9);
}

fn check(file: &str, count: usize) {
    let output = script(&["--test", "--test-reporter=tap"], file, &[]);
    let is_whole = output.contains(&format!("# pass {count}\n")) && output.contains("# fail 0\n");
    assert!(is_whole, "{output}");
    println!("package: {count} tests of {file}");
}
