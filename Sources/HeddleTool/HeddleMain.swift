import HeddleCommands

/// The executable: everything it does is in `HeddleCommands`.
@main
enum HeddleMain {
  static func main() {
    HeddleTool.runAndExit()
  }
}
