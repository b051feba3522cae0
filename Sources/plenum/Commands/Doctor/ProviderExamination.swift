import PlenumCore
import PlenumProviders
import PlenumStorage
import PlenumTransport

/// Asks every provider that is configured, all at once.
struct ProviderExamination {
    let settings: Settings
    let transport: CurlTransport

    /// Examines what is configured; what cannot be examined is a finding too.
    func examine(_ common: CommonOptions) async -> StorageDiagnosis {
        var diagnosis = StorageDiagnosis()
        var notes: [String] = []
        do {
            let file = try Assembly.providersFile(common, settings, &notes)
            diagnosis.findings += await ask(file.providers)
            if try settings.flag("PLENUM_DISCOVER") ?? true {
                diagnosis.findings += await askLocal(besides: file)
            }
        } catch {
            diagnosis.add(.problem, (error as? PlenumError)?.message ?? "\(error)")
        }
        for note in notes { diagnosis.add(.warning, Self.sentence(note)) }
        return diagnosis
    }

    private static func sentence(_ note: String) -> String { note.prefix(1).uppercased() + note.dropFirst() + "." }

    private func ask(_ providers: [ProviderDescriptor]) async -> [StorageFinding] {
        await withTaskGroup(of: (Int, StorageFinding).self) { group in
            for (index, provider) in providers.enumerated() {
                group.addTask { (index, await finding(of: provider)) }
            }
            return await group.reduce(into: [(Int, StorageFinding)]()) { $0.append($1) }
                .sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func finding(of provider: ProviderDescriptor) async -> StorageFinding {
        let name = "\(provider.name), \(provider.models.count) models"
        let key = provider.keyVariable.flatMap { settings[$0] }
        if let variable = provider.keyVariable, key == nil {
            return StorageFinding(.fine, "\(name): not in use; set \(variable) to ask it.")
        }
        switch await ProviderProbe.ask(provider, key: key, transport: transport) {
        case .reachable where key != nil: return StorageFinding(.fine, "\(name): answers, and takes the key.")
        case .reachable: return StorageFinding(.fine, "\(name): answers.")
        case .keyRefused(let status):
            let advice =
                provider.keyVariable.map { "put a valid one into \($0)" } ?? "it wants one: name a keyEnv for it"
            return StorageFinding(.problem, "\(name): refuses the key (HTTP \(status)): \(advice).")
        // Not every server lists its models; one that is out of order says 500 and above.
        case .answered(let status) where status < 500 && status != 429:
            return StorageFinding(.fine, "\(name): answers (HTTP \(status) to the question for its models).")
        case .answered(let status):
            return StorageFinding(.warning, "\(name): answers with HTTP \(status): try again later.")
        case .unreachable(let reason):
            // A server without a key is mostly one of this machine, which may well be off.
            return StorageFinding(key == nil ? .warning : .problem, "\(name): cannot be reached: \(reason)")
        }
    }

    private func askLocal(besides file: ProvidersFile) async -> [StorageFinding] {
        let candidates = ModelDiscovery.localServers.filter { candidate in
            !file.providers.contains { $0.baseURL == candidate.baseURL || $0.id == candidate.id }
        }
        let found = await withTaskGroup(of: ProviderDescriptor?.self) { group in
            for candidate in candidates {
                group.addTask { await ModelDiscovery.discover(candidate, key: nil, transport: transport) }
            }
            return await group.reduce(into: [ProviderDescriptor]()) { $0 += $1.map { [$0] } ?? [] }
        }
        guard !found.isEmpty else {
            return [StorageFinding(.fine, "No local server of Ollama or llama.cpp was found.")]
        }
        return found.sorted { $0.baseURL < $1.baseURL }.map { server in
            StorageFinding(.fine, "\(server.name) was found at \(server.baseURL) with \(server.models.count) models.")
        }
    }
}
