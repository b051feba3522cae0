import PlenumCore

/// A finished run as Markdown.
enum RunMarkdown {
    /// Writes a run as the API shows it.
    static func text(of run: JSONValue) -> String {
        let kind = run["kind"]?.string ?? "run"
        let name = run["settings"]?["protocol"]?.string.map { "\(kind) (\($0))" } ?? kind
        var lines = ["# \(name.prefix(1).uppercased())\(name.dropFirst())", ""]
        for turn in run["turns"]?.array ?? [] { lines += self.turn(turn) }
        lines += result(run)
        return lines.joined(separator: "\n")
    }

    private static func turn(_ turn: JSONValue) -> [String] {
        let who = turn["label"]?.string ?? turn["seat"]?.int.map { "Seat \($0 + 1)" } ?? turn["phase"]?.string ?? ""
        let model = turn["model"]?.string.map { " · \($0)" } ?? ""
        let round = turn["round"]?.int.map { $0 > 0 ? " · round \($0)" : "" } ?? ""
        var lines = ["## \(who)\(model)\(round)", "", turn["text"]?.string ?? "", ""]
        if let error = turn["error"]?["message"]?.string { lines += ["*failed: \(error)*", ""] }
        let tokens = turn["usage"]?["output_tokens"]?.int.map { "\($0) tokens" }
        let cost = turn["cost"]?.string.map { "$\($0)" }
        let time = turn["duration_ms"]?.int.map { "\(Double($0 / 10) / 100) s" }
        let footer = [tokens, cost, time].compactMap(\.self).joined(separator: ", ")
        return footer.isEmpty ? lines : lines + ["*\(footer)*", ""]
    }

    private static func result(_ run: JSONValue) -> [String] {
        var lines = ["---", "", "\(run["status"]?.string ?? "") (\(run["stop_reason"]?.string ?? ""))"]
        if let result = run["result"], let method = result["method"]?.string {
            lines.append("- result by \(method)\(result["answer"]?.string.map { ": \($0)" } ?? "")")
            if let baseline = result["baseline"]?["answer"]?.string {
                lines.append("- plain vote would have said: \(baseline)")
            }
        }
        if let cost = run["cost"]?.string { lines.append("- cost: $\(cost)") }
        lines.append("- \(run["id"]?.string ?? "") in \(run["conversation"]?.string ?? "")")
        return lines
    }
}
