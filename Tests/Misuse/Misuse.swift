// What the types of the Swift builder forbid. Without a flag this file compiles; with any of its flags it must not: see `check`.
import HeddleBuilder

let count = Shared("count", 0)
let flag = Shared("flag", false)
let item = Shared<Int?>("item", none)
let limit = Constant("limit", 3)
let stop = Event("stop")
let mutex = Lock("mutex")
let tasks = Queue<Int>("tasks")
let local = Local<Int>("local")
let worker = ThreadType("worker", Parameter<Int>("amount")) { amount in count += amount }

let scenario = ScenarioDefinition("misuse") {
  Main {
    worker.start(1)
    #if NUMBER_PLUS_TRUTH_VALUE
    Let(local, count + flag)
    #endif
    #if ASSIGNED_CONSTANT
    limit <- 4
    #endif
    #if ASSIGNED_OPERATION
    (count + 1) <- 4
    #endif
    #if ASSIGNED_LET
    local <- 4
    #endif
    #if ASSIGNED_OTHER_TYPE
    count <- true
    #endif
    #if NUMBER_AS_CONDITION
    If(count) { Break() }
    #endif
    #if SCENARIO_VALUE_IN_SWIFT_IF
    if count == 0 { Break() }
    #endif
    #if OPTIONAL_AS_NUMBER
    Let(local, item + 1)
    #endif
    #if NONE_IN_A_NUMBER
    count <- none
    #endif
    #if EVENT_AS_LOCK
    With(stop) { Break() }
    #endif
    #if ELSE_ON_A_CALL_THAT_CANNOT_FAIL
    tasks.put(1).orElse { Break() }
    #endif
    #if OTHER_ITEM_TYPE
    tasks.put("text")
    #endif
    #if TOO_FEW_ARGUMENTS
    worker.start()
    #endif
    #if ARGUMENT_OF_OTHER_TYPE
    worker.start("one")
    #endif
    #if RESULT_OF_A_CALL_WITHOUT_ONE
    Assert(mutex.release() == true)
    #endif
    #if JOINED_NUMBER
    Join(count)
    #endif
    #if CHOICE_OF_ONE
    Choose { Break() }
    #endif
  }
  #if FIELD_AT_THE_TOP
  Field("field", 0)
  #endif
  #if STATEMENT_AT_THE_TOP
  Print("top")
  #endif
  #if ANY_STRING
  Shared("text", anyOf(String.self))
  #endif
}
