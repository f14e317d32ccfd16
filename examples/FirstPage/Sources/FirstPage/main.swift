import Heddle

let bank = try Scenario(
  text: """
    shared balance = 0
    thread deposit * 2 { balance += 100 }
    finally { assert balance == 200 }
    """,
  file: "bank.heddle"
)
let result = try await bank.verification().result
print(result.verdict)  // fail
print(result.explanation)  // lost update on `balance`: who read what, and when
