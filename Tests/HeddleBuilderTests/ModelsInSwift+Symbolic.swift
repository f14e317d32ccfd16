import HeddleBuilder

extension ModelsInSwift {
  static let symbolic: [(path: String, definition: ScenarioDefinition)] = [
    ("symbolic/every_number.fixed", everyNumberFixed),
    ("symbolic/every_team.fixed", everyTeamFixed),
  ]

  static let everyNumberFixed = ScenarioDefinition("every_number.fixed") {
    let n = EveryNumber("n")
    let count = Shared("count", 0)
    let mutex = Lock("guard")
    ThreadType("counter", count: n) {
      For(0..<3) {
        With(mutex) {
          count += 1
        }
      }
    }
    Finally {
      Assert(count == 3 * n, "every count counts")
    }
    Expect.pass()
  }

  static let everyTeamFixed = ScenarioDefinition("every_team.fixed") {
    let n = EveryNumber("n", from: 1)
    let balance = Shared("balance", 0)
    let mutex = Lock("guard")
    let deposit = ThreadType("deposit") {
      With(mutex) {
        balance += 100
      }
    }
    Main {
      let team = Local<[ThreadHandle]>("team")
      Let(team, deposit.start(count: n))
      Join(team)
      Assert(balance == 100 * n, "every deposit arrives")
    }
    Expect.pass()
  }
}
