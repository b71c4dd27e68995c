// The grammar of nurture.
//
// It is permissive: what a rule means, and whether it may stand where it stands, is checked later, where the answer can
// be in words. It also takes in what people type instead of the right form; the tree builder answers that.
//
// Names. Only connectives are reserved (see `reserved` at the end); every other keyword stays usable as a name. Three
// things keep that cheap, so that almost every decision needs one token of lookahead. Between lexer and parser,
// compiler/syntax/token_filter.cpp
//   - makes a keyword an IDENT where it can only be a name: before ":" or ".", after "."; a unit that follows no number;
//   - joins keywords that only mean something together into one token (the list under `tokens`);
//   - makes a keyword that needs a particular neighbour an IDENT where the neighbour is missing (`column` without a text,
//     `given` without what is given, …).
// It also closes braces that were left open, so the parser always sees them balanced.
grammar Nurture;

tokens {
  // joined by the token filter
  STARTS_WITH, ENDS_WITH, IGNORING_CASE, WITH_SALES, DAYS_SINCE, IN_LAST, WITHIN_NEXT, VISITS_OF, WAS_IN, AT_LEAST,
  AT_MOST, ONE_OF, BECOMES_TRUE, NEXT_OF, FIRST_PERMITTED_OF, NOW_OR_SKIP, IF_NONE_LEFT, OR_AT_ONCE_IF_LATE, SILENCE_OF,
  DRAWN_ANEW, GOTO, KEEP_WAITING, MOVE_ON, ENROLL_IN, ADD_TO_CAMPAIGN, ADD_TO_AUDIENCE, REMOVE_FROM_AUDIENCE,
  REMOVE_FROM_CAMPAIGN, HAND_OFF, TAKE_BACK, SALES_HOLD, EVENT_GROUP, CREATE_TASK, ON_TIMEOUT, IF_NO_ANSWER, ALSO_THOSE,
  OUT_WHERE, CALL_WEBHOOK, QUIET_HOURS, EXCLUSIVE_IN_GROUP, FOR_EACH, COUNT_OF_LEADS, ANY_LEAD, NO_LEAD,
  // told apart by the token filter
  ON_EXIT,        // `on` in `on exit {`
  ON_EDIT,        // `on` in `on edit continue`
  IN_ZONE,        // `in` before a text
  CHANNEL,        // `email` in `send email welcome`
  BARE_CONTENT,   // `problem_guide` in `on email.clicked problem_guide`
  BARE_REASON,    // `finished` in `exit finished`
  WORD_NUMBER,    // `two` in `two weeks`
  STRANGE_UNIT,   // `hrs` in `48 hrs`
  NOTHING         // at the end of a line after which a value is due, if the next line begins with a keyword
}

// Files ----------------------------------------------------------------------------------------------------------------

file: declaration* EOF;
/// One expression alone, in the braces of a message.
lone_expression: expression EOF;

declaration
  : use_decl | program_decl | fields_decl | event_group | event_decl | let_decl | segment_decl | content_decl
  | stream_decl | score_decl | window_decl | calendar_decl | policy_decl | rules_decl | template_decl | campaign_decl
  | table_decl | source_decl | scenario_decl | property_decl | test_decl
  ;

use_decl: USE (path | text);

program_decl: PROGRAM LBRACE program_item* RBRACE;
program_item
  : NAME text
  | TIMEZONE text
  | CURRENCY text
  | START_OF_WEEK weekday
  | SALES_HOLD AT_MOST duration
  | HISTORY AT_MOST INT
  ;

fields_decl: (LEAD | ACCOUNT) fields;
fields: LBRACE field* RBRACE;
field: field_name COLON type_ref (EQ expression)? COMMA?;
type_ref: name (LBRACKET (choice COMMA?)* RBRACKET | OF type_ref)? QUESTION?;
choice: name | text;

event_group: EVENT_GROUP name COLON path_list;
event_decl: EVENT event_kind event_item* fields?;
event_item
  : BY name (UNLESS name)?
  | OF ACCOUNT
  | STARTS SALES_HOLD
  | ENDS SALES_HOLD
  | ANSWERS HAND_OFF
  | RECORDS SEND
  ;

let_decl: LET name (EQ | COLON) expression;
segment_decl: SEGMENT name COLON expression;

content_decl: CONTENT name COLON channel_name LBRACE content_item* RBRACE;
channel_name: name;
content_item
  : SUBJECT text
  | BODY text
  | FOR name
  | OFFERS name
  | ASKS UP TO INT OF name_list
  | CLASS name
  | ANSWERS event_kind
  | FROM expression
  | REPLY TO expression
  | AVAILABLE (FROM expression)? (UNTIL expression)?
  | TAGS name_list
  | VARIANT WHEN expression LBRACE content_item* RBRACE
  ;

stream_decl: STREAM name COLON name_list (AGAIN AFTER duration)?;

score_decl: SCORE name LBRACE score_item* RBRACE;
score_item
  : HALVES EVERY duration
  | CAP signed_number
  | FLOOR signed_number
  | event_ref GIVES signed_number (AT_MOST INT TIMES PER duration)?
  ;
signed_number: (PLUS | MINUS)? (INT | NUMBER);

window_decl: WINDOW name LBRACE window_span* ((IN | IN_ZONE) fallback)? (EXCEPT name (COMMA name)*)? RBRACE;
window_span: weekdays time_range? | time_range;
time_range: TIME (TO | MINUS | RANGE) TIME;
weekdays: weekday ((TO | MINUS | RANGE) weekday | (COMMA weekday)+)?;

calendar_decl: CALENDAR name (FROM text | LBRACE calendar_item* RBRACE);
calendar_item: DATE ((TO | RANGE) DATE)? text? COMMA?;

table_decl: TABLE name FROM text BY name fields?;

policy_decl: POLICY name clauses;
rules_decl: RULES name clauses;
template_decl: TEMPLATE name LPAREN (parameter COMMA?)* RPAREN clauses;
parameter: field_name COLON type_ref (EQ expression)?;
campaign_decl: CAMPAIGN campaign_name (FROM path LPAREN (argument COMMA?)* RPAREN | (FOR ACCOUNT)? clauses);
argument: field_name COLON expression;

scenario_decl: SCENARIO name LBRACE scenario_rule* RBRACE;
scenario_rule: AFTER assumed_cause (IF expression)? LBRACE (alternatives | reaction)* RBRACE;
assumed_cause
  : SEND (OF name)?
  | HAND_OFF (TO name)?
  | event_kind
  ;
alternatives: ONE_OF LBRACE reaction* RBRACE;
/// `email.bounced { kind: hard } 0.5% within 1 hour, half by 2 minutes`
reaction: event_kind record? (BY MACHINE)? PERCENT WITHIN duration reaction_option*;
reaction_option
  : COMMA (PERCENT | plain_name) BY duration
  | COMMA TIMES PERCENT PER SEND OF name IN_LAST duration
  ;

property_decl: PROPERTY text COLON property_rule;
property_rule
  : NEVER act property_bound*
  | AT_MOST INT TIMES? act WITHIN duration
  | EVERY MEMBERSHIP (OF path)? ENDS WITHIN duration
  | event_ref LEADS TO act WITHIN duration (UNLESS expression)?
  ;
/// What a campaign does, or an event.
act
  : SEND (CHANNEL? plain_name)?
  | HAND_OFF (TO name)?
  | TAKE_BACK (FROM name)?
  | ASSIGN
  | NOTIFY
  | ENTER plain_name?
  | EXIT (AS reason_name)?
  | event_ref
  ;
property_bound
  : AFTER event_ref (COMMA event_ref)*
  | UNTIL event_ref (COMMA event_ref)*
  | WHEN expression
  ;

// Campaigns ------------------------------------------------------------------------------------------------------------

clauses: LBRACE clause* RBRACE;

clause
  : AUDIENCE expression                                                              # audience_clause
  | EXCLUDE expression                                                               # exclude_clause
  | ENTER entry enter_option*                                                        # enter_clause
  | REENTER (NEVER | ALWAYS | AFTER duration)                                        # reenter_clause
  | ONE MEMBERSHIP PER name (UP TO INT AT ONCE)?                                     # key_clause
  | LASTS AT_MOST duration AS reason_name                                            # lasts_clause
  | HOLDOUT PERCENT                                                                  # holdout_clause
  | GOAL goal_name COLON goal_event goal_option*                                     # goal_clause
  | EXIT exit_cause AS reason_name                                                   # exit_clause
  | trigger                                                                          # trigger_clause
  | ON_EXIT EXIT block                                                               # on_exit_clause
  | SEND ONLY IN name                                                                # window_clause
  | LIMIT name? TO INT PER duration                                                  # limit_clause
  | PRIORITY signed_number                                                                  # priority_clause
  | (EXCLUSIVE IN | EXCLUSIVE_IN_GROUP) name                                                                # exclusive_clause
  | ACTIVE (FROM expression)? (UNTIL expression)?                                    # active_clause
  | OWNER text                                                                       # owner_clause
  | VERSION (text | INT | NUMBER)                                                    # version_clause
  | OVERDUE (SEND | SKIP_WORD | SPREAD OVER duration)                                # overdue_clause
  | ON_EDIT EDIT (FINISH OLD VERSION | CONTINUE | RESTART STAGE | EXIT AS reason_name) (RECOMPUTE WAITS)?  # edit_clause
  | WHILE WITH_SALES (PAUSE | LEAVE AS reason_name | CONTINUE)                       # sales_clause
  | STATUS (DRAFT | LIVE | PAUSED)                                                   # status_clause
  | FOLLOW name                                                                      # follow_clause
  | NEVER never_action? never_bound*                                                 # never_clause
  | QUIET_HOURS FROM? time_range ((IN | IN_ZONE) fallback)?                           # quiet_clause
  | SALES_HOLD AT_MOST duration                                                      # hold_clause
  | THROTTLE name? TO INT PER duration                                               # throttle_clause
  | STAGE stage_name stage_body                                                      # stage_clause
  ;
stage_body: LBRACE (trigger | statement)* RBRACE;

entry
  : ON event_or_silence
  | WHEN expression
  | EVERY moment
  | ONCE AT moment
  | quantity BEFORE expression
  ;
enter_option
  : IF expression
  | AT (STAGE stage_name | TIME)
  | OR_AT_ONCE_IF_LATE
  | ALSO_THOSE COMMA? SPREAD OVER duration
  ;
goal_event: WHEN expression | event_ref;
goal_option
  : WITHIN duration (OF (ENTRY | SEND))?
  | WORTH expression
  | THEN EXIT AS reason_name
  ;
exit_cause: ON event_or_silence | WHEN expression;
never_action: SEND name? | name name?;
never_bound
  : AFTER event_ref (COMMA event_ref)*
  | UNTIL event_ref (COMMA event_ref)*
  | WHEN expression
  | OUTSIDE name
  ;

trigger: trigger_head block;
trigger_head: ON event_or_silence | WHEN expression BECOMES_TRUE?;
event_or_silence
  : event_ref
  | SILENCE_OF duration (OF (LBRACKET event_kind (COMMA event_kind)* RBRACKET | event_kind (COMMA event_kind)*))? (WHERE expression)?
  ;
/// `email.clicked of problem_guide including machine where …`
event_ref: (event_kind | path_list) (OF content_name | BARE_CONTENT)? (INCLUDING MACHINE)? (WHERE expression)?;

// Statements -----------------------------------------------------------------------------------------------------------

block: LBRACE statement* RBRACE;

statement
  : send | wait | stay | if_statement | split | repeat | go_to | restart | exit_statement | hand_off | take_back
  | assign | notify | set_attribute | clear_attribute | add_score | reset_score | audience_change | enroll | remove_from | remember | webhook
  | move_on | keep_waiting
  ;

send: SEND send_what send_option* (TO LEADS (WHERE expression)? send_option*)?;
send_what
  : NEXT_OF stream_name
  | FIRST_PERMITTED_OF name_list
  | CHANNEL? content_name
  ;
send_option
  : NOW_OR_SKIP
  | FOR UP TO duration
  | ELSE block
  | IF_NONE_LEFT block
  ;

wait: WAIT wait_what handlers?;
wait_what
  : FOR? duration (OF name)?
  | UP TO duration (OF name)?
  | UNTIL moment (COMMA bound)*
  ;
bound: (AT_LEAST | AT_MOST) duration;
handlers: LBRACE handler* RBRACE;
handler
  : trigger
  | (OTHERWISE | ELSE | ON_TIMEOUT | IF_NO_ANSWER) block
  ;

stay: STAY;
if_statement: IF expression block else_part*;
else_part: ELSE (IF expression)? block;

split: SPLIT name? ratio? (BY ACCOUNT)? DRAWN_ANEW? LBRACE split_arm* RBRACE;
split_arm: (PERCENT | ratio)? branch_name block;
ratio: INT (SLASH INT)* | SLASH_DATE;

repeat: REPEAT EVERY (weekdays TIME? | duration) (UP TO INT TIMES)? block;

go_to: (GO TO | GOTO | MOVE TO) stage_name;
restart: RESTART STAGE;
exit_statement: EXIT (AS reason_name | BARE_REASON)? | STOP;
hand_off: HAND_OFF TO name text? (ANSWER WITHIN duration (OF name)?)?;
take_back: TAKE_BACK FROM name;
assign
  : ASSIGN task_kind (AS name)? TO expression (DUE IN duration (OF name)?)? text?
  | CREATE_TASK (AS name)? ((TO | FOR) expression)? (DUE IN duration (OF name)?)? text?
  ;
task_kind: name;
notify: (NOTIFY | ALERT) expression text?;
set_attribute: SET path TO expression;
clear_attribute: CLEAR path;
add_score: ADD expression TO path;
reset_score: RESET path;
audience_change: (ADD_TO_AUDIENCE | REMOVE_FROM_AUDIENCE) name;
enroll: (ENROLL_IN | ADD_TO_CAMPAIGN) path;
remove_from: REMOVE_FROM_CAMPAIGN path;
remember: REMEMBER name AS expression;
webhook: CALL_WEBHOOK text;
move_on: MOVE_ON;
keep_waiting: KEEP_WAITING;

/// A point or a rule of time.
moment
  : NEXT? weekdays TIME? zone?
  | expression
  ;
zone: IN_ZONE text;

// Sources --------------------------------------------------------------------------------------------------------------

source_decl: SOURCE name LBRACE source_item* RBRACE;
source_item
  : FORMAT name
  | LEAD expression
  | AT expression time_format?
  | ID expression
  | ORIGIN expression
  | MISSING text (COMMA text)*
  | LEAVE OUT_WHERE expression
  | EVENT event_kind (WHERE expression)? (LBRACE mapping* RBRACE)?
  | IDENT DOT field_name COLON expression time_format? COMMA?
  ;
mapping: field_name COLON expression time_format? COMMA?;
time_format: AS text ((IN | IN_ZONE) text)?;

// Tests ----------------------------------------------------------------------------------------------------------------

test_decl: TEST text FOR path LBRACE test_item* RBRACE;
test_item
  : GIVEN (LEAD plain_name? record | ACCOUNT plain_name? record | SPLIT name IS name | HOLDOUT)
  | ALSO path
  | FOR_EACH test_rows
  | AT test_instant test_event?
  | AFTER duration test_event?
  | test_event
  | EXPECT NO? expectation (OF plain_name)? expect_span?
  ;
test_rows: LBRACE test_row+ RBRACE;
/// A case of the test: its name, and what the names in the test stand for.
test_row: text record;
/// Written out, or the name of a value of the row.
test_instant: DATE TIME? zone? | plain_name;
test_event: test_kind record? (BY plain_name)?;
test_kind: IDENT (DOT name)*;
record: LBRACE (field_name COLON expression COMMA?)* RBRACE;
expectation
  : SEND plain_name? (TO plain_name)?
  | STAGE stage_name
  | EXIT (AS reason_name)?
  | HAND_OFF (TO name)?
  | TAKE_BACK (FROM name)?
  | ASSIGN plain_name?
  | NOTIFY
  | GOAL plain_name?
  | ENTRY
  | OUTSIDE
  | IDENT DOT field_name (LESS | LESS_EQUAL | GREATER | GREATER_EQUAL | AT_LEAST | AT_MOST | IS) (signed_number | plain_name)
  ;
expect_span
  : WITHIN duration
  | FOR duration
  | BY test_instant
  ;

// Expressions ----------------------------------------------------------------------------------------------------------
//
// Loosest to tightest: or, and, not, one comparison (a chain is read and answered), + -, * /, else, primary.
// Written in layers rather than as one left-recursive rule: each decision then hangs on a single token.

expression: conjunction ((OR | OR_SIGN) conjunction)*;
conjunction: negation ((AND | AND_SIGN) negation)*;
negation: (NOT | NOT_SIGN)* comparison;
comparison: sum comparator*;
comparator
  : IS NOT? (KNOWN | UNKNOWN | WITH_SALES | IN sum | ONE_OF sum | (AT_LEAST | AT_MOST)? sum) IGNORING_CASE?
  | (LESS | LESS_EQUAL | GREATER | GREATER_EQUAL | AT_LEAST | AT_MOST) sum
  | (EQ | EQ_EQ | NOT_EQ | EQUALS) sum IGNORING_CASE?
  | NOT? IN sum IGNORING_CASE?
  | NOT? IN_LAST duration
  | (STARTS_WITH | ENDS_WITH | CONTAINS | MATCHES) sum IGNORING_CASE?
  | BETWEEN sum AND sum
  | WITHIN_NEXT duration
  ;
sum: product ((PLUS | MINUS) product)*;
product: fallback ((STAR | SLASH) fallback)*;
fallback: primary (ELSE primary)*;

primary
  : MINUS* atom;
atom
  : path (call | OF atom)?
  | text
  | quantity ((BEFORE | AFTER) atom)?
  | NUMBER
  | PERCENT
  | DATE TIME? zone?
  | TIME zone?
  | SLASH_DATE
  | LPAREN expression RPAREN
  | list
  | DAYS_SINCE atom
  | VISITS_OF name
  | WAS_IN path AS reason_name
  | COLUMN text
  | COUNT_OF_LEADS (WHERE atom)?
  | (ANY_LEAD | NO_LEAD) (WHERE expression)?
  ;
list: LBRACKET (expression (COMMA expression?)*)? RBRACKET;
/// count(page.viewed where … in last 30 days), sent(welcome). After `where`, an `in last` belongs to the call: see the
/// builder.
call: LPAREN path (OF content_name)? (INCLUDING MACHINE)? (WHERE expression | IN_LAST duration)? (SINCE (ENTRY | STAGE))? RPAREN;

/// A length of time: written out, one unit of it after `per`, or the name of a constant.
duration: quantity | unit | path;
/// A number, with its unit if it is a length of time: `5 days`, `1 month 2 days`, `2 business days`.
quantity: measure more*;
more: (INT | WORD_NUMBER) BUSINESS? unit | GLUED;
measure: (INT | WORD_NUMBER) (BUSINESS? unit)? | GLUED;
unit: SECONDS | MINUTES | HOURS | DAYS | WEEKS | MONTHS | YEARS | STRANGE_UNIT;

text: STRING | SINGLE_QUOTED;

// Names ----------------------------------------------------------------------------------------------------------------

path: name (DOT name)*;
event_kind: path;
path_list: LBRACKET (path COMMA?)* RBRACKET;
name_list: LBRACKET (name COMMA?)* RBRACKET;
field_name: IDENT;
stage_name: name;
content_name: name;
stream_name: name;
campaign_name: name;
reason_name: name;
goal_name: name;
branch_name: name;
/// Where the next item may begin with a keyword.
plain_name: IDENT;
weekday: WEEKDAY;

name
  : IDENT
  | ACCOUNT | ACTIVE | ADD | AGAIN | ALERT | ALWAYS | ANSWER | ANSWERS | ASKS | ASSIGN | AUDIENCE | AVAILABLE
  | BETWEEN | BODY | BY | CALENDAR | CAMPAIGN | CAP | CLASS | CLEAR | CONTAINS | CONTENT | CONTINUE | CURRENCY | DRAFT
  | EDIT | ENDS | ENTER | ENTRY | EQUALS | EVENT | EXCEPT | EXCLUDE | EXCLUSIVE | EXIT | FINISH | FLOOR | FOLLOW
  | FORMAT | GIVES | GO | GOAL | HALVES | HISTORY | HOLDOUT | ID | INCLUDING | LASTS | LEAD | LEADS | LEAVE | LET | LIMIT | LIVE
  | MACHINE | MATCHES | MEMBERSHIP | MISSING | MOVE | NAME | NEVER | NEXT | NO | NOTIFY | OFFERS | OLD | ONCE | ONE
  | ONLY | ORIGIN | OTHERWISE | OUTSIDE | OVER | OVERDUE | OWNER | PAUSE | PAUSED | POLICY | PRIORITY | PROGRAM
  | PROPERTY | RECOMPUTE | RECORDS | REENTER | REMEMBER | REPEAT | REPLY | RESET | RESTART | RULES | SCENARIO | SCORE
  | SEGMENT | SEND | SET | SINCE | SKIP_WORD | SOURCE | SPLIT | SPREAD | STAGE | STARTS | START_OF_WEEK | STATUS
  | STAY | STOP | STREAM | SUBJECT | TABLE | TAGS | TEMPLATE | TEST | THEN | THROTTLE | TIMEZONE | UNLESS | USE
  | VARIANT | VERSION | WAIT | WAITS | WEEKDAY | WHILE | WINDOW | WORTH
  ;

// Words ----------------------------------------------------------------------------------------------------------------

// reserved: the connectives
AFTER: 'after'; AND: 'and'; AS: 'as'; AT: 'at'; BEFORE: 'before'; DUE: 'due'; ELSE: 'else'; EVERY: 'every'; FOR: 'for';
FROM: 'from'; IF: 'if'; IN: 'in'; IS: 'is'; KNOWN: 'known'; NOT: 'not'; OF: 'of'; ON: 'on'; OR: 'or'; PER: 'per';
TIMES: 'times'; TO: 'to'; UNKNOWN: 'unknown'; UNTIL: 'until'; UP: 'up'; WHEN: 'when'; WHERE: 'where'; WITHIN: 'within';

// keywords that stay names
ACCOUNT: 'account'; ACTIVE: 'active'; ADD: 'add'; AGAIN: 'again'; ALERT: 'alert'; ALSO: 'also'; ALWAYS: 'always';
ANSWER: 'answer'; ANSWERS: 'answers'; ASKS: 'asks'; ASSIGN: 'assign'; AUDIENCE: 'audience'; AVAILABLE: 'available';
BETWEEN: 'between'; BODY: 'body'; BUSINESS: 'business'; BY: 'by'; CALENDAR: 'calendar'; CAMPAIGN: 'campaign'; CAP: 'cap';
CLASS: 'class'; CLEAR: 'clear'; COLUMN: 'column'; CONTAINS: 'contains'; CONTENT: 'content'; CONTINUE: 'continue';
CURRENCY: 'currency'; DRAFT: 'draft'; EDIT: 'edit'; ENDS: 'ends'; ENTER: 'enter'; ENTRY: 'entry'; EQUALS: 'equals';
EVENT: 'event'; EXCEPT: 'except'; EXCLUDE: 'exclude'; EXCLUSIVE: 'exclusive'; EXIT: 'exit'; EXPECT: 'expect';
FINISH: 'finish'; FLOOR: 'floor'; FOLLOW: 'follow'; FORMAT: 'format'; GIVEN: 'given'; GIVES: 'gives'; GO: 'go';
GOAL: 'goal'; HALVES: 'halves'; HISTORY: 'history'; HOLDOUT: 'holdout'; ID: 'id'; INCLUDING: 'including'; LASTS: 'lasts';
LEAD: 'lead'; LEADS: 'leads'; LEAVE: 'leave'; LET: 'let'; LIMIT: 'limit'; LIVE: 'live'; MACHINE: 'machine';
MATCHES: 'matches'; MEMBERSHIP: 'membership'; MISSING: 'missing'; MOVE: 'move'; NAME: 'name'; NEVER: 'never';
NEXT: 'next'; NO: 'no'; NOTIFY: 'notify'; OFFERS: 'offers'; OLD: 'old'; ONCE: 'once'; ONE: 'one'; ONLY: 'only';
ORIGIN: 'origin'; OTHERWISE: 'otherwise'; OUTSIDE: 'outside'; OVER: 'over'; OVERDUE: 'overdue'; OWNER: 'owner';
PAUSE: 'pause'; PAUSED: 'paused'; POLICY: 'policy'; PRIORITY: 'priority'; PROGRAM: 'program'; PROPERTY: 'property';
RECOMPUTE: 'recompute'; RECORDS: 'records'; REENTER: 'reenter'; REMEMBER: 'remember'; REPEAT: 'repeat'; REPLY: 'reply';
RESET: 'reset'; RESTART: 'restart'; RULES: 'rules'; SCENARIO: 'scenario'; SCORE: 'score'; SEGMENT: 'segment';
SEND: 'send'; SET: 'set'; SINCE: 'since'; SKIP_WORD: 'skip'; SOURCE: 'source'; SPLIT: 'split'; SPREAD: 'spread';
STAGE: 'stage'; START_OF_WEEK: 'start_of_week'; STARTS: 'starts'; STATUS: 'status'; STAY: 'stay'; STOP: 'stop';
STREAM: 'stream'; SUBJECT: 'subject'; TABLE: 'table'; TAGS: 'tags'; TEMPLATE: 'template'; TEST: 'test'; THEN: 'then';
THROTTLE: 'throttle'; TIMEZONE: 'timezone'; UNLESS: 'unless'; USE: 'use'; VARIANT: 'variant'; VERSION: 'version';
WAIT: 'wait'; WAITS: 'waits'; WHILE: 'while'; WINDOW: 'window'; WORTH: 'worth';

SECONDS: 'second' 's'?; MINUTES: 'minute' 's'?; HOURS: 'hour' 's'?; DAYS: 'day' 's'?; WEEKS: 'week' 's'?;
MONTHS: 'month' 's'?; YEARS: 'year' 's'?;
WEEKDAY
  : [Mm] 'onday' | [Tt] 'uesday' | [Ww] 'ednesday' | [Tt] 'hursday' | [Ff] 'riday' | [Ss] 'aturday' | [Ss] 'unday'
  | 'Mon' | 'Tue' | 'Tues' | 'Wed' | 'Thu' | 'Thur' | 'Thurs' | 'Fri' | 'Sat' | 'Sun'
  ;

// Signs and literals ---------------------------------------------------------------------------------------------------

LBRACE: '{'; RBRACE: '}'; LBRACKET: '['; RBRACKET: ']'; LPAREN: '('; RPAREN: ')';
COLON: ':'; COMMA: ','; RANGE: '..'; DOT: '.'; QUESTION: '?';
PLUS: '+'; MINUS: '-' | '–'; STAR: '*'; SLASH: '/';
LESS_EQUAL: '<=' | '≤'; LESS: '<'; GREATER_EQUAL: '>=' | '≥'; GREATER: '>';
EQ_EQ: '=='; EQ: '='; NOT_EQ: '!=' | '<>' | '≠'; AND_SIGN: '&&'; OR_SIGN: '||'; NOT_SIGN: '!';

/// Straight or curly quotes. Inside, a backslash only hides a quote or a backslash.
STRING: '"' STRING_CHAR* '"' | '“' CURLY_CHAR* [”“"];
UNTERMINATED: '"' STRING_CHAR* | '“' CURLY_CHAR*;
SINGLE_QUOTED: '\'' (~['\r\n\\] | '\\' ~[\r\n])* '\'' | '‘' ~[‘’\r\n]* '’';
fragment STRING_CHAR: ~["\r\n\\] | '\\' ~[\r\n];
fragment CURLY_CHAR: ~[“”"\r\n\\] | '\\' ~[\r\n];

PERCENT: DIGIT+ ('.' DIGIT+)? ' '? '%';
DATE: DIGIT DIGIT DIGIT DIGIT '-' DIGIT DIGIT? '-' DIGIT DIGIT?;
SLASH_DATE: DIGIT+ '/' DIGIT+ '/' DIGIT+;
/// 09:00, 9:00, 9am, 9:30 pm without the space
TIME: DIGIT DIGIT? ':' DIGIT DIGIT (':' DIGIT DIGIT)? HALF_DAY? | DIGIT DIGIT? HALF_DAY;
fragment HALF_DAY: [ap] 'm' | [AP] 'M';
NUMBER: DIGIT+ '.' DIGIT+;
INT: DIGIT+;
/// 5d, 48hrs
GLUED: DIGIT+ [a-zA-Z_] [a-zA-Z0-9_]*;
fragment DIGIT: [0-9];

IDENT: [a-zA-Z_] [a-zA-Z0-9_]*;

// Layout ---------------------------------------------------------------------------------------------------------------

SPACE: [ \t\r\n\u00A0]+ -> skip;
COMMENT: ('//' | '#') ~[\r\n]* -> channel(HIDDEN);
/// Anything else is reported and left out.
STRANGE: .;
