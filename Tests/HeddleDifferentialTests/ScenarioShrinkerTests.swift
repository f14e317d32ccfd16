import HeddleDifferential
import Testing

/// What makes a disagreement small, on disagreements that were made up.
@Suite struct `A scenario that is judged differently is made smaller` {
  /// A trial of what must load, and a made-up disagreement about it.
  private func shrunk(_ text: String, keeping holds: (String) -> Bool) -> String {
    var shrinker = ScenarioShrinker(attempts: 10_000)
    return shrinker.shrunk(text) { text in
      holds(text) && Trial(text: text).loads
    }
  }

  private static let large = """
    const limit = 2
    atomic shared x = 1
    shared flag = false
    lock a
    lock b
    queue tasks(capacity: 2)

    func bump(amount) {
        x = amount
    }

    daemon thread alice * 2 {
        loop {
            let v1 = tasks.get(timeout: 1) else { return }
            if flag && x == 1 {
                with a {
                    x += 7
                    bump(1)
                }
            } else {
                for i in 0..<2 {
                    sleep 1
                }
            }
        }
    }

    thread bob {
        try {
            a.acquire()
            tasks.put(1)
        } finally {
            a.release()
        }
        with b {
            x = 2
        }
    }

    finally {
        assert x != 1 || flag, "at the end"
    }
    """

  @Test func `down to the one statement that it is about`() {
    let small = shrunk(Self.large) { $0.contains("with ") && $0.contains("x +=") }
    let expected = """
      shared x = 0
      lock a
      thread alice {
          with a {
              x += 0
          }
      }

      """
    #expect(small == expected)
  }

  @Test func `and stays a scenario that the front end takes`() {
    for word in ["finally {", "choose", "tasks.put", "for ", "else {", "bump(", "assert"]
    where Self.large.contains(word) {
      let small = shrunk(Self.large) { $0.contains(word) }
      #expect(small.contains(word))
      #expect(small.split(separator: "\n").count <= 6, "\(small)")
    }
  }

  @Test func `and nothing is left out of it where that changes what it is about`() {
    let text = "shared x = 0\nthread alice {\n    x = 1\n}\n"
    #expect(shrunk(text) { $0 == text } == text)
  }

  @Test func `and the work that may go into it is bounded`() {
    var tried = 0
    var shrinker = ScenarioShrinker(attempts: 7)
    let text = shrinker.shrunk(Self.large) { _ in
      tried += 1
      return false
    }
    #expect(text.contains("bump"))
    #expect(tried == 7)
  }
}
