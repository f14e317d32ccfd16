import Dispatch

/// Asks ten times a second, on another thread, whether the checks of a context may go on, and ends them once the answer is no.
final class Supervision {
  private let timer: any DispatchSourceTimer
  private let interrupter: Interrupter

  init(of interrupter: Interrupter, _ mayGoOn: @escaping @Sendable () -> Bool) {
    self.interrupter = interrupter
    timer = DispatchSource.makeTimerSource()
    timer.schedule(deadline: .now() + .milliseconds(100), repeating: .milliseconds(100))
    timer.setEventHandler { if !mayGoOn() { interrupter.interrupt() } }
    timer.resume()
  }

  deinit {
    timer.cancel()
    interrupter.close()
  }
}
