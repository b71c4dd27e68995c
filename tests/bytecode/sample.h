#pragma once

#include <string_view>

/// A small programme in the text form that uses every table and almost every kind of statement: a stage with a wait, a
/// deferred send, a detached one, a split, a repeat, messages, a keyed campaign and a source.
namespace nurture::testing {

inline constexpr std::string_view kSample = R"(nurture bytecode 8
name 0
seed 42
timezone 1
currency 22
strings [
  "acme"
  "Europe/London"
  "guide"
  "email"
  "country"
  "owner"
  "US"
  "CA"
  "email.clicked"
  "content"
  "robot"
  "form.submitted"
  "form"
  "welcome"
  "first"
  "wait_1"
  "finished"
  "a"
  "b"
  "main.nurture"
  "sales desk"
  "Hello "
  "GBP"
  "second"
  "timezone"
  "score"
  "whole_log"
  "rfc3339"
  "lead.updated"
  "baseline"
]
constants [
  { type { kind text } value 6 }
  { type { kind duration } value 0:5 }
  { type { kind list element text } value 0 }
  { type { kind text } value 20 }
  { type { kind duration } value 0:1 }
  { type { kind integer } value 3 }
  { type { kind time } value 32400000000 }
]
lists [
  [ 6 7 ]
]
places [ { file 19 line 1 column 1 } { file 19 line 2 column 3 } ]
schema {
  choice_sets [ { values [ 17 18 ] } ]
  lead [
    { name 4 type { optional yes } }
    { name 5 type { optional yes } }
    { name 24 type { optional yes } }
    { name 25 type { kind integer optional yes } }
  ]
  account [ { name 4 type { kind choice optional yes choices 0 } } ]
  kinds [
    { name 8 machine_property 1 content_property 0 properties [ { name 9 } { name 10 type { kind boolean optional yes } } ] }
    { name 11 properties [ { name 12 } { name 9 type { kind integer optional yes } } ] }
    { name 28 actor system updates_lead yes }
  ]
  lead_timezone 2
  lead_country 0
}
contents [ { name 2 channel 3 subject [ { literal 21 } { expression subject } ] place 0 } ]
scores [ { name 25 rows [ { event { kinds [ 1 ] where past_where } points 5000000 most 2 per 4 place 0 } ] half_life 86400000000 cap 5 place 0 } ]
histories [
  { function count events [ { event { kinds [ 0 ] of_content 2 } } ] type { kind integer } since window window 1 enough 3 label 14 place 0 }
  { function last events [ { event { kinds [ 1 ] where past_where } property 1 } ] type { kind integer optional yes } since stage label 14 place 0 }
]
history_max 500
campaigns [
  {
    name 13
    audience audience
    entries [ { event { kinds [ 1 ] where entry_where } condition past_if at_stage 0 label 14 place 0 } ]
    reenter after
    reenter_after 1
    key { name 12 property_of [ - 0 - ] }
    lasts_at_most 1
    lasts_reason 0
    goals [ { name 17 event { kinds [ 0 ] of_content 2 } within 1 exit_reason 1 place 0 } ]
    exits [ { event { kinds [ 0 ] } exit_reason 0 label 14 place 0 } { condition exit_when exit_reason 0 label 14 place 0 } ]
    triggers [ { event { kinds [ 0 ] } body on_click label 14 place 0 } ]
    stages [
      { name 14 body first triggers [ { condition is_us becomes_true yes when_index 0 body when_us label 14 place 1 } ] place 0 }
      { name 23 body second place 1 }
    ]
    states [
      {
        stage 0 anchor 15 label 15 on_timer timeout on_move_on moved
        handlers [
          { event { kinds [ 0 ] } body handler label 14 place 1 }
          { condition is_us when_index 1 body keep label 14 place 1 }
        ]
        recompute deadline has_otherwise yes place 0
      }
      { kind deferred stage 0 anchor 15 label 15 place 0 }
      { kind repeat stage 1 anchor 15 label 15 on_timer run place 0 }
      { kind stay stage 1 anchor 15 label 15 place 0 }
    ]
    reasons [ 16 17 ]
    sends [
      { content 0 give_up_after 1 state 1 next sent otherwise not_sent place 0 }
      { content 0 detached yes owner_stage 0 next clicked otherwise late_else place 0 }
    ]
    hand_offs [ { note [ { literal 21 } ] answer_within 1 place 0 } ]
    assigns [ { name 14 due_in 1 note [ { literal 21 } ] place 0 } ]
    notifies [ { note [ { literal 21 } ] place 0 } ]
    splits [
      { name 14 branches [ { name 17 share 5000 body branch_a } { name 18 share 5000 body branch_b } ] place 0 }
      { name 14 drawn_anew yes pass_slot 4 branches [ { name 17 share 10000 body after_pass } ] place 0 }
    ]
    repeats [ { every 4 times 3 first_slot 0 state 2 body run after repeated place 0 } ]
    slots 6
    detached_slots 1
    place 0
  }
]
scenarios [
  {
    name 29
    rules [
      {
        content 0 condition first_touch
        reactions [
          { kind 0 by_machine yes rate 80000 within 3600000000 tires 1000000 place 0 }
          {
            kind 1 record [ { property 0 constant 0 } { property 1 constant 5 } ] rate 600000 within 86400000000
            delay [ { share 100000 by 60000000 } { share 500000 by 7200000000 } ]
            tires 950000 tires_channel 3 tires_within 86400000000 group 0 place 1
          }
          { kind 1 rate 400000 within 86400000000 tires 1000000 group 0 place 1 }
        ]
        label 14 place 0
      }
      { cause reaction kind 0 reactions [ { kind 1 within 1 tires 1000000 place 1 } ] label 14 place 1 }
    ]
    place 0
  }
]
sources [
  {
    name 26 format csv columns [ 12 4 ] lead row_lead at row_lead time { pattern 27 }
    leave_out row_skip missing [ 20 ]
    rules [ { kind 1 properties [ { property 0 value row_lead time { pattern 27 } } ] } ]
    lead_attributes [ { property 0 value row_country time { pattern 27 } } ]
  }
]
code [
subject:
  load.lead 0
  jump.known subject_end
  pop
  push.const 3
subject_end:
  return
audience:
  load.lead 0
  push.const 2
  in.list
  return
entry_where:
  load.event 1 0
  push.const 0
  starts_with 1
  not
  return
past_where:
  load.event 1 1
  push.const 5
  less.int
  return
past_if:
  history 0
  history 1
  less.int
  jump.true past_true
  load.sent 0
  jump.true past_true
  was_in 0 1
  jump.true past_true
  push.const 1
  was_in.last 0 0
  jump.true past_true
  load.visits 0
  load.now
  days_since
  less.int
  jump.true past_true
  load.score 0
  score.compare 0 3
  jump.true past_true
  load.now
  push.const 1
  in_last
  jump.true past_true
  load.now
  push.const 1
  within_next
  jump.true past_true
  load.today
  push.const 1
  within_next.date
  jump.true past_true
  push.false
  return
past_true:
  push.true
  return
exit_when:
  load.lead 3
  push.const 5
  less.int
  jump.false exit_true
  push.false
  return
exit_true:
  push.true
  return
is_us:
  load.lead 0
  push.const 0
  equal
  return
deadline:
  load.wait_start
  push.const 1
  shift.instant
  return
first:
  send 0
not_sent:
  push.const 3
  notify 0
sent:
  load.now
  push.const 1
  shift.instant
  wait.until 0
timeout:
  split 0
branch_a:
  push.const 3
  assign 0
branch_b:
  load.score 0
  add.score 0 0
  reset.score 0 1
  hand_off 0
  take_back 0
moved:
  load.entry 1 0
  remember 5 14 0
  go_to 1 0
handler:
  load.slot 5
  set.lead 0 0
  move_on 0
keep:
  keep_waiting
on_click:
  send 1
late_else:
  push.const 3
  notify 0
  end_body
clicked:
  end_body
when_us:
  exit 0 0
second:
  split 1
after_pass:
  repeat.begin 0
run:
  push.const 6
  next.time 1
  load.now
  later
  pop
  repeat.next 0
repeated:
  stay 3
first_touch:
  load.touch
  push.const 5
  equal
  return
row_lead:
  load.column 0
  return
row_country:
  load.column 1
  return
row_skip:
  load.column 1
  is_known
  return
]
)";

}  // namespace nurture::testing
