import HeddleProgram
import HeddleSemantics

/// Which reads the registers of each thread were computed from, followed through one trace.
///
/// The machine only knows *that* a value came from a stale read; a report names the step of that read.
struct Provenance {
  /// A read of one element in one step.
  struct Read: Hashable {
    var step: Int
    var variable: VariableID
    var element: Int
    var value: Int
  }

  private let program: Program
  /// By thread and register: the reads, in order.
  private var sources: [[[Read]]]
  /// The steps that wrote an element, with the thread.
  private var writes: [(step: Int, thread: Int, variable: VariableID, element: Int)] = []

  init(_ program: Program) {
    self.program = program
    sources = program.instances.map { instance in
      Array(repeating: [], count: program.threadTypes[instance.type.index].registerCount)
    }
  }

  /// Follows the values through a step, and returns the stale read for each variable whose update was lost.
  ///
  /// `executed` are the instructions that the step executed, ascending. In a local loop that ran more than once their
  /// order is only approximated.
  mutating func follow(
    _ step: Int,
    of thread: Int,
    executed: [Int],
    events: [StepEvent]
  ) -> [VariableID: Read] {
    var stale: [VariableID: Read] = [:]
    var accesses = events.filter { event in
      switch event {
      case .read, .wrote: true
      default: false
      }
    }[...]
    for position in executed {
      let instruction = program.instructions[position]
      switch instruction {
      case .load(let result, let place):
        guard case .read(let variable, let element, let value)? = accesses.first,
          variable == place.variable
        else { break }
        accesses = accesses.dropFirst()
        let read = Read(step: step, variable: variable, element: element, value: value)
        set(result, [read], thread)
      case .store(_, let operand):
        guard case .wrote(let variable, let element, _, _, let isLost)? = accesses.first else {
          break
        }
        accesses = accesses.dropFirst()
        if isLost, let read = staleRead(operand, thread, variable, element) {
          stale[variable] = read
        }
        writes.append((step, thread, variable, element))
      case .storeRegister(let range, _, let value):
        let added = reads(of: value, thread)
        for register in range.registers {
          set(register, union(sources[thread][register.index], added), thread)
        }
      case .move, .unary, .binary, .loadRegister, .format:
        var combined: [Read] = []
        for register in program.registersRead(by: instruction) {
          combined = union(combined, reads(of: .register(register), thread))
        }
        for register in program.registersWritten(by: instruction) {
          set(register, combined, thread)
        }
      default:
        for register in program.registersWritten(by: instruction) { set(register, [], thread) }
      }
    }
    return stale
  }

  private func reads(of operand: Operand, _ thread: Int) -> [Read] {
    guard let register = operand.register, sources[thread].indices.contains(register.index) else {
      return []
    }
    return sources[thread][register.index]
  }

  private func union(_ left: [Read], _ right: [Read]) -> [Read] {
    left + right.filter { !left.contains($0) }
  }

  private mutating func set(_ register: Register, _ reads: [Read], _ thread: Int) {
    guard sources[thread].indices.contains(register.index) else { return }
    sources[thread][register.index] = reads
  }

  /// The latest read of the element that went into the value, and that another thread's write has since made stale.
  private func staleRead(
    _ value: Operand,
    _ thread: Int,
    _ variable: VariableID,
    _ element: Int
  ) -> Read? {
    reads(of: value, thread).last { read in
      read.variable == variable && read.element == element
        && writes.contains {
          $0.step > read.step && $0.thread != thread && $0.variable == variable
            && $0.element == element
        }
    }
  }
}
