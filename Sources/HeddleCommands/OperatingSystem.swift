#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The calls into the C library that the tool needs, with safe Swift faces.
///
/// The only file of the command line that passes pointers. Each of them lives no longer than the call it is made for.
enum OperatingSystem {
  /// A call that failed, with the C library's number for the reason.
  struct Failure: Error, Equatable {
    let code: Int32

    static let noSuchFile = Failure(code: ENOENT)
    static let isDirectory = Failure(code: EISDIR)
    static let exists = Failure(code: EEXIST)
    static let brokenPipe = Failure(code: EPIPE)

    /// The C library's words, with a small first letter.
    var text: String {
      guard let words = unsafe strerror(code) else { return "error \(code)" }
      let text = unsafe String(cString: words)
      return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// The failure of the call that was made just now.
    static var last: Failure { Failure(code: errno) }
  }

  /// What a path leads to.
  enum FileKind { case regular, directory, other }

  static let standardInput: Int32 = STDIN_FILENO
  static let standardOutput: Int32 = STDOUT_FILENO
  static let standardError: Int32 = STDERR_FILENO

  // MARK: Files

  /// What is at the path, links followed.
  static func kind(of path: String) throws(Failure) -> FileKind {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .last }
    return kind(status.st_mode)
  }

  /// Whether the path itself is a symbolic link.
  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// The path with all links followed; `nil` if there is no such file.
  static func resolved(_ path: String) -> String? {
    guard let buffer = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(buffer) }
    return unsafe String(cString: buffer)
  }

  /// Opens a file for reading.
  static func openForReading(_ path: String) throws(Failure) -> Int32 {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    return descriptor
  }

  /// Opens what is already there for writing, as it is.
  static func openForWriting(_ path: String) throws(Failure) -> Int32 {
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    return descriptor
  }

  /// Creates a file that must not exist yet.
  static func create(_ path: String) throws(Failure) -> Int32 {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .last }
    return descriptor
  }

  /// Gives an open file the permissions that another one has, if it exists.
  static func copyPermissions(from path: String, to descriptor: Int32) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return }
    _ = fchmod(descriptor, status.st_mode & 0o7777)
  }

  /// Reads up to `limit` bytes and one more, so that the caller can tell that there were too many.
  static func readBytes(from descriptor: Int32, limit: Int) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let count = unsafe read(descriptor, &chunk, min(chunk.count, limit + 1 - bytes.count))
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw .last
      }
      bytes += chunk[..<count]
    }
    return bytes
  }

  /// Writes all bytes, however many calls that takes.
  static func writeBytes(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes[start...].withUnsafeBytes {
        unsafe write(descriptor, $0.baseAddress, $0.count)
      }
      if count >= 0 {
        start += count
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&waiting, 1, -1)
      } else if errno != EINTR {
        throw .last
      }
    }
  }

  /// Waits until the bytes of an open file are on the disk.
  static func synchronize(_ descriptor: Int32) throws(Failure) {
    // Some file systems cannot do it for some files, and say so; that is no failure of writing.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw .last }
  }

  /// Closes an open file.
  static func closeFile(_ descriptor: Int32) throws(Failure) {
    let result = close(descriptor)
    guard result == 0 || errno == EINTR else { throw .last }
  }

  /// Gives a file another name; a file that has it already is replaced in the same moment.
  static func renameFile(_ old: String, to new: String) throws(Failure) {
    let result = unsafe rename(old, new)
    guard result == 0 else { throw .last }
  }

  /// Removes a file, if it is there.
  static func removeFile(_ path: String) { _ = unsafe unlink(path) }

  /// Whether files can be created in a folder.
  static func canWrite(inFolder path: String) throws(Failure) {
    guard try kind(of: path) == .directory else { throw Failure(code: ENOTDIR) }
    guard unsafe access(path, W_OK | X_OK) == 0 else { throw .last }
  }

  private static func kind(_ mode: mode_t) -> FileKind {
    switch mode & S_IFMT {
    case S_IFREG: .regular
    case S_IFDIR: .directory
    default: .other
    }
  }

  // MARK: Terminal and process

  /// Whether a descriptor is a terminal.
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The number of columns of the terminal behind a descriptor; `nil` if it is none or does not say.
  static func width(_ descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// Something that a process can be given little of.
  enum Resource { case addressSpace, data }

  /// How many bytes of a resource this process may have; `nil` if as many as there are.
  static func limit(of resource: Resource) -> Int? {
    #if canImport(Glibc)
    let number = __rlimit_resource_t(
      resource == .addressSpace ? RLIMIT_AS.rawValue : RLIMIT_DATA.rawValue
    )
    #else
    let number = resource == .addressSpace ? RLIMIT_AS : RLIMIT_DATA
    #endif
    var limit = rlimit()
    // What is infinite has another name on each system, and is more than any memory on all.
    guard unsafe getrlimit(number, &limit) == 0, limit.rlim_cur < 1 << 62 else { return nil }
    return Int(limit.rlim_cur)
  }

  /// The number of this process.
  static var processNumber: Int { Int(getpid()) }

  /// Lets writes to a pipe that nobody reads, and to a file that may not grow, fail instead of ending the process.
  static func ignoreFailedWrites() {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
  }

  /// Has a function called on the signals with which people and machines stop a program.
  static func onInterruption(_ handler: @escaping @convention(c) (Int32) -> Void) {
    _ = signal(SIGINT, handler)
    _ = signal(SIGTERM, handler)
  }

  /// Has a function called when the process is about to be ended for a mistake of its own: a failed precondition, or
  /// no room left on the stack.
  ///
  /// The handler has a stack of its own, which is never given back.
  static func onCrash(_ handler: @escaping @convention(c) (Int32) -> Void) {
    let size = 1 << 16
    var stack = unsafe stack_t()
    unsafe stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    unsafe stack.ss_size = size
    _ = unsafe sigaltstack(&stack, nil)
    var action = sigaction()
    #if canImport(Darwin)
    unsafe action.__sigaction_u.__sa_handler = handler
    #else
    unsafe action.__sigaction_handler.sa_handler = handler
    #endif
    action.sa_flags = Int32(SA_ONSTACK)
    for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] {
      _ = unsafe sigaction(number, &action, nil)
    }
  }

  /// Ends the process at once; allowed in a signal handler.
  static func endProcessAtOnce(_ status: Int32, saying words: StaticString = "") -> Never {
    _ = unsafe write(standardError, words.utf8Start, words.utf8CodeUnitCount)
    _exit(status)
  }

  /// Ends the process.
  static func endProcess(_ status: Int32) -> Never { exit(status) }
}
