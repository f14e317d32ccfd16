import Benchmark
import Heddle

/// Counts are gated by `Thresholds`; seconds and what is derived from them are for people.
let benchmarks: @Sendable () -> Void = {
  let states = BenchmarkMetric.custom("States", polarity: .prefersSmaller, useScalingFactor: false)
  let transitions = BenchmarkMetric.custom(
    "Transitions",
    polarity: .prefersSmaller,
    useScalingFactor: false
  )
  let overhead = BenchmarkMetric.custom(
    "Bytes per state beyond its words",
    polarity: .prefersSmaller,
    useScalingFactor: false
  )
  let speed = BenchmarkMetric.custom(
    "Transitions per second",
    polarity: .prefersLarger,
    useScalingFactor: false
  )

  func measure(_ name: String, _ family: String, _ sizes: [String: Int]) {
    Benchmark(
      name,
      configuration: .init(
        metrics: [states, transitions, overhead, speed, .wallClock, .peakMemoryResident],
        warmupIterations: 0,
        maxDuration: .seconds(60),
        maxIterations: 3
      )
    ) { benchmark in
      let scenario = try Families.scenario(family, sizes)
      // The raw search: every state of every order.
      var options = VerifyOptions()
      options.reductions = []
      let clock = ContinuousClock()
      benchmark.startMeasurement()
      let start = clock.now
      let result = try scenario.verify(options)
      let seconds = (clock.now - start) / .seconds(1)
      benchmark.stopMeasurement()
      let statistics = result.statistics
      benchmark.measurement(states, statistics.states)
      benchmark.measurement(transitions, statistics.transitions)
      benchmark.measurement(
        overhead,
        (statistics.peakMemoryBytes ?? 0) / statistics.states - statistics.bytesPerState
      )
      benchmark.measurement(speed, Int(Double(statistics.transitions) / seconds))
    }
  }

  measure("unlocked deposit 8", "unlocked_deposit", ["n": 8])
  measure("counter loop 3 x 8", "counter_loop", ["n": 3, "rounds": 8])
  measure("locked deposit 14", "locked_deposit", ["n": 14])
}
