import HeddleProgram
import HeddleSolver

// What counting alone, without the order of steps, says about queues that are first in, first out.

extension Encoder {
  /// Of first in, first out there is a rule without orders: who takes an item that so many were put before was preceded by as many takers.
  func mayHaveEqualRanks(_ queue: Int, _ get: Int, _ put: Int) -> Bool {
    guard let use = queues[queue] else { return false }
    if use.ranks?.puts.count != use.puts.count || use.ranks?.gets.count != use.gets.count {
      queues[queue]?.ranks = (
        ranks(use.puts.map { ($0.event, $0.condition) }),
        ranks(use.gets.map { ($0.event, $0.condition) })
      )
    }
    guard let (puts, gets) = queues[queue]?.ranks else { return true }
    return puts[put].overlaps(gets[get])
  }

  /// How many of some steps can come before each of them.
  private func ranks(_ steps: [(event: Int, condition: Formula)]) -> [ClosedRange<Int>] {
    steps.indices.map { step in
      noteWork(steps.count)
      let least = certain(steps, before: step).count
      let most = steps.indices.filter {
        $0 != step && isBefore(steps[$0].event, steps[step].event) != terms.no
      }.count
      return min(least, most)...most
    }
  }

  /// Whether every thread has taken more items before each of its `task_done` than it has marked done.
  ///
  /// Then, over all threads, fewer are marked done before each than were put.
  func isDoneOnceForEach(_ queue: Int) -> Bool {
    guard let use = queues[queue] else { return false }
    if let known = use.isDoneOnceForEach { return known }
    noteWork(use.done.count * (use.done.count + use.gets.count))
    let result = use.done.allSatisfy { done in
      let thread = events[done.event].thread
      let before = events[done.event].certain
      let taken = use.gets.count {
        events[$0.event].thread == thread && before.contains($0.event)
          && $0.condition == events[$0.event].executed
      }
      let marked = use.done.count {
        events[$0.event].thread == thread && $0.event != done.event
          && isBefore($0.event, done.event) != terms.no
      }
      return marked < taken
    }
    queues[queue]?.isDoneOnceForEach = result
    return result
  }

  func certainPuts(_ use: QueueUse, _ put: Int) -> [Int] {
    certain(use.puts.map { ($0.event, $0.condition) }, before: put)
  }

  /// Those of some steps that come before one of them in every run that has it.
  private func certain(
    _ steps: [(event: Int, condition: Formula)],
    before step: Int
  ) -> [Int] {
    let before = events[steps[step].event].certain
    return steps.indices.filter {
      $0 != step && before.contains(steps[$0].event)
        && steps[$0].condition == events[steps[$0].event].executed
    }
  }
}
