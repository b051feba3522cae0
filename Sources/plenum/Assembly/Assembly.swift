import Logging
import PlenumCore
import PlenumEngine
import PlenumProviders
import PlenumStorage
import PlenumTransport

/// The parts of a running Plenum, put together from settings.
struct Assembly {
    let storage: any Storage
    let transport: CurlTransport
    let catalogue: Catalogue
    let engine: Engine
    let notes: [String]

    /// Opens storage, marks what a dead process left, and finds out who can be asked.
    static func make(_ options: CommonOptions, _ settings: Settings, logger: Logger) async throws -> Assembly {
        let storage = try await settings.open(StorageURL(options.storageURL(settings)))
        let transport = try CurlTransport()
        let (catalogue, notes) = try await self.catalogue(options, settings, transport)
        let engine = Engine(catalogue: catalogue, storage: storage, logger: logger)
        let recovery = try await engine.recover()
        if recovery != Recovery() {
            logger.notice(
                "a process stopped in the middle: what it left is marked interrupted",
                metadata: [
                    "messages": "\(recovery.messages)", "generations": "\(recovery.generations)",
                    "runs": "\(recovery.runs)",
                ]
            )
        }
        return Assembly(storage: storage, transport: transport, catalogue: catalogue, engine: engine, notes: notes)
    }

    /// Lets go of everything.
    func close() async {
        await storage.close()
        transport.shutdown()
    }

    /// Reads the providers' file, looks for local servers, and adds simulated models where nobody can be asked.
    static func catalogue(
        _ options: CommonOptions,
        _ settings: Settings,
        _ transport: CurlTransport
    ) async throws -> (Catalogue, notes: [String]) {
        var notes: [String] = []
        let file = try providersFile(options, settings, &notes)
        var deployments: [Deployment] = []
        for descriptor in file.providers {
            deployments += try await self.deployments(of: descriptor, settings, transport)
        }
        if try settings.flag("PLENUM_DISCOVER") ?? true {
            deployments += try await localDeployments(besides: file, settings, transport, &notes)
        }
        if options.demo || !deployments.contains(where: \.isAvailable) {
            deployments += simulated()
            notes.append(
                options.demo
                    ? "three simulated models are offered: their answers are made up"
                    : "no key is set and no local server was found: three SIMULATED models answer. "
                        + "Set ANTHROPIC_API_KEY, OPENAI_API_KEY or GEMINI_API_KEY in the environment or in .env for real ones"
            )
        }
        let names = Set(deployments.map(\.model.id.description))
        for (alias, target) in file.aliases.sorted(by: { $0.key < $1.key }) where !names.contains(target) {
            notes.append("the alias \(alias) stands for \(target), which is not on offer")
        }
        return (Catalogue(deployments, aliases: file.aliases), notes)
    }

    /// Reads the providers' file.
    static func providersFile(
        _ options: CommonOptions,
        _ settings: Settings,
        _ notes: inout [String]
    ) throws -> ProvidersFile {
        let named = options.providers ?? settings["PLENUM_PROVIDERS"]
        let path = named ?? "providers.json"
        guard let file = try ProvidersFile.read(path) else {
            guard named == nil else {
                throw PlenumError(.invalidRequest, "The providers' file \(path) cannot be read.")
            }
            notes.append("there is no providers.json in this folder: only local and simulated models are offered")
            return ProvidersFile(providers: [])
        }
        return file
    }

    private static func deployments(
        of descriptor: ProviderDescriptor,
        _ settings: Settings,
        _ transport: CurlTransport
    ) async throws -> [Deployment] {
        let key = descriptor.keyVariable.flatMap { settings[$0] }
        let isReady = descriptor.keyVariable == nil || key != nil
        var described = descriptor
        // A server of this machine is looked for only if any are.
        let mayAsk = try descriptor.keyVariable != nil || settings.flag("PLENUM_DISCOVER") ?? true
        if descriptor.discovers, isReady, mayAsk {
            described = await ModelDiscovery.discover(descriptor, key: key, transport: transport) ?? descriptor
        }
        let provider = try HTTPProvider(described, key: key, transport: transport)
        return described.models.map { model in
            Deployment(
                model: model,
                provider: provider,
                providerName: described.name,
                availability: isReady ? .available : .missingKey(variable: described.keyVariable ?? ""),
                key: "\(described.id) \(described.baseURL) \(described.keyVariable ?? "")",
                patience: described.patience
            )
        }
    }

    /// Ollama and llama.cpp at their usual ports, asked all at once.
    private static func localDeployments(
        besides file: ProvidersFile,
        _ settings: Settings,
        _ transport: CurlTransport,
        _ notes: inout [String]
    ) async throws -> [Deployment] {
        let candidates = ModelDiscovery.localServers.filter { candidate in
            !file.providers.contains { $0.baseURL == candidate.baseURL || $0.id == candidate.id }
        }
        let found = await withTaskGroup(of: ProviderDescriptor?.self) { group in
            for candidate in candidates {
                group.addTask { await ModelDiscovery.discover(candidate, key: nil, transport: transport) }
            }
            return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
        }
        var deployments: [Deployment] = []
        var ids: Set<String> = []
        for descriptor in found.sorted(by: { $0.baseURL < $1.baseURL }) where ids.insert(descriptor.id).inserted {
            notes.append("\(descriptor.name) was found at \(descriptor.baseURL) with \(descriptor.models.count) models")
            deployments += try await self.deployments(of: descriptor, settings, transport)
        }
        return deployments
    }

    private static func simulated() -> [Deployment] {
        let provider = SimulatedProvider()
        return SimulatedProvider.models().map {
            Deployment(model: $0, provider: provider, providerName: "Simulated", isSimulated: true)
        }
    }
}
