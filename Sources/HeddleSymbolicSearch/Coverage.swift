import HeddleChecking
import HeddleProgram
import HeddleSolver

/// Which instructions some model reaches, for HD601 and as a check that the constraints do not exclude what they should allow.
struct Coverage {
  private let program: Program
  private let terms: TermBank
  /// What is not covered yet: by instruction.
  private var positions: [(position: Int, condition: Formula)] = []
  /// By claim.
  private var claims: [(claim: Int, condition: Formula)] = []
  private var covered: [Bool]
  private var passedClaims: [Bool]

  /// Nothing is covered, and nothing is known to be there.
  init(program: Program, terms: TermBank) {
    self.program = program
    self.terms = terms
    covered = Array(repeating: false, count: program.instructions.count)
    passedClaims = Array(repeating: false, count: program.claims.count)
  }

  init(_ encoder: Encoder) {
    self.init(program: encoder.program, terms: encoder.terms)
    for position in encoder.visits.keys.sorted() {
      let condition = Self.condition(encoder.visits[position] ?? [], encoder)
      positions.append((position, condition))
    }
    for claim in encoder.passedAssumptions.keys.sorted() {
      let condition = Self.condition(encoder.passedAssumptions[claim] ?? [], encoder)
      claims.append((claim, condition))
    }
  }

  /// That a run comes somewhere: nothing ended it before.
  private static func condition(_ visits: [Visit], _ encoder: Encoder) -> Formula {
    let terms = encoder.terms
    return terms.or(
      visits.map { visit in
        switch visit.moment {
        case .end: return terms.and(visit.condition, encoder.clean)
        case .step(let event, let thread, let failures):
          // Threads that begin in the same step do their local work one after the other.
          let earlier = encoder.failures[..<failures].filter {
            $0.event == event && $0.thread != thread
          }
          return terms.and([
            visit.condition, terms.or(encoder.clean, encoder.fails(event)),
            terms.not(terms.or(earlier.map(\.condition))),
          ])
        }
      }
    )
  }

  /// What no model has shown yet.
  var open: [Formula] { positions.map(\.condition) + claims.map(\.condition) }

  var openCount: Int { positions.count + claims.count }

  /// Notes what the solver's last model shows.
  mutating func add(model solver: Solver) throws(SolverError) {
    var rest: [(position: Int, condition: Formula)] = []
    for entry in positions {
      if try solver.value(of: entry.condition) {
        covered[entry.position] = true
      } else {
        rest.append(entry)
      }
    }
    positions = rest
    var restOfClaims: [(claim: Int, condition: Formula)] = []
    for entry in claims {
      if try solver.value(of: entry.condition) {
        passedClaims[entry.claim] = true
      } else {
        restOfClaims.append(entry)
      }
    }
    claims = restOfClaims
  }

  /// The findings, once no model shows more.
  var unreached: [FindingKey] {
    Vacuity.findings(of: program, covered: covered, passedClaims: passedClaims)
  }
}
