import Foundation

/// What one input may cost, and where it is written before it is read, so that a crash has a cause.
struct Watch {
  /// The most processor time for one input, in seconds.
  static let secondsLimit = 1.0
  /// The most memory that the process may have while it reads one input, in bytes.
  static let memoryLimit = 512 << 20
  /// After so many seconds of processor time for one input the process ends itself.
  static let hangLimit = 20

  /// The file of the input that is being read.
  let path: String
  private let descriptor: Int32

  /// Has a process that hangs, or wants far too much memory, end.
  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    var limit = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
    _ = setrlimit(Self.addressSpace, &limit)
    signal(SIGPROF) { _ in
      let words: StaticString = "hangs\n"
      _ = write(2, words.utf8Start, words.utf8CodeUnitCount)
      _exit(99)
    }
  }

  /// Has `body` read the input, and says what it complains about, or that it costs too much.
  func complaint(about input: [UInt8], _ body: ([UInt8]) -> String?) -> String? {
    _ = pwrite(descriptor, input, input.count, 0)
    _ = ftruncate(descriptor, input.count)
    var timer = itimerval()
    timer.it_value.tv_sec = Self.hangLimit
    _ = setitimer(Self.processorTime, &timer, nil)
    Self.forgetPeak()
    let start = clock()
    if let complaint = body(input) { return complaint }
    let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    // The figures themselves would keep the shrinker from seeing that a smaller input fails in the same way.
    if seconds > Self.secondsLimit { return Self.tooSlow }
    if Self.peakMemory > Self.memoryLimit { return Self.tooMuchMemory }
    return nil
  }

  static let tooSlow = "takes more than a second"
  static let tooMuchMemory = "needs more than 512 MB"

  /// Has ``peakMemory`` begin anew, where the system can do that.
  private static func forgetPeak() {
    let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = write(descriptor, "5", 1)
    close(descriptor)
  }

  /// The most memory that this process has had, in bytes: since the input began, or since ever if the system does not
  /// tell.
  static var peakMemory: Int {
    if let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({
        Int($0)
      })
    {
      return kilobytes << 10
    }
    var usage = rusage()
    getrusage(thisProcess, &usage)
    // Darwin counts bytes, Linux kilobytes.
    #if canImport(Darwin)
    return usage.ru_maxrss
    #else
    return usage.ru_maxrss << 10
    #endif
  }

  #if canImport(Darwin)
  private static let processorTime = ITIMER_PROF
  private static let thisProcess = RUSAGE_SELF
  private static let addressSpace = RLIMIT_AS
  #else
  private static let processorTime = __itimer_which_t(ITIMER_PROF.rawValue)
  private static let thisProcess = __rusage_who_t(RUSAGE_SELF.rawValue)
  private static let addressSpace = __rlimit_resource_t(RLIMIT_AS.rawValue)
  #endif
}
