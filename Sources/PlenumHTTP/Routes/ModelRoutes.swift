import Hummingbird
import PlenumCore
import PlenumEngine

/// The model selector: every model on offer, searched, filtered and sorted.
struct ModelRoutes: Sendable {
    let engine: Engine

    func add(to group: RouterGroup<DoorContext>) {
        group.get("/models") { request, _ in Response.json(try list(request)) }
        group.get("/models/**") { request, context in
            let name = context.parameters.getCatchAll().joined(separator: "/").removingPercentEncoding
            return Response.json(try model(name, for: DoorDialect.of(request)))
        }
    }

    /// The list in the dialect of the client.
    private func list(_ request: Request) throws(PlenumError) -> JSONValue {
        let dialect = DoorDialect.of(request)
        guard dialect == .anthropicMessages || dialect == .gemini else {
            let listed = try select(request).map(ModelView.of) + Self.panels(request)
            return DoorDialect.isOpenRouters(request)
                ? OpenRouterModelView.list(listed) : ["object": "list", "data": .array(listed)]
        }
        // Clients of vendors offer what they are given: only what can be asked.
        let models: [(id: String, deployment: Deployment?)] =
            engine.catalogue.models.filter(\.isAvailable).map { ($0.model.id.description, $0) }
            + (VirtualModel.allCases.map(\.name) + [AutoModel.name]).map { ($0, nil) }
        guard dialect == .gemini else { return ModelListView.anthropic(models) }
        return ["models": .array(models.map { ModelListView.gemini(id: $0.id, $0.deployment) })]
    }

    private func model(_ name: String, for dialect: Dialect) throws(PlenumError) -> JSONValue {
        let panel = name == AutoModel.name ? AutoModel.view : VirtualModel(name: name)?.view
        let deployment = panel == nil ? try engine.catalogue.deployment(named: name) : nil
        let id = deployment?.model.id.description ?? name
        switch dialect {
        case .anthropicMessages: return ModelListView.anthropic(id: id, name: deployment?.model.name ?? id)
        case .gemini: return ModelListView.gemini(id: id, deployment)
        default: return panel ?? deployment.map(ModelView.of) ?? .null
        }
    }

    /// Panels of models, which are asked like models; behind these, and only where nothing is filtered but by name.
    private static func panels(_ request: Request) -> [JSONValue] {
        let query = request.uri.queryParameters
        guard query["supports"] == nil, query["provider"].map({ $0 == "plenum" }) ?? true, query["available"] != "false"
        else { return [] }
        let words = query["q"]?.lowercased() ?? ""
        let panels = VirtualModel.allCases.map { ($0.name, $0.view) } + [(AutoModel.name, AutoModel.view)]
        return panels.filter { words.isEmpty || $0.0.contains(words) }.map(\.1)
    }

    private func select(_ request: Request) throws(PlenumError) -> [Deployment] {
        let query = request.uri.queryParameters
        var found = engine.catalogue.models
        if let words = query["q"]?.lowercased() {
            found = found.filter { "\($0.model.id) \($0.model.name) \($0.providerName)".lowercased().contains(words) }
        }
        if let provider = query["provider"] { found = found.filter { $0.model.id.provider == provider } }
        if let capability = query["supports"] {
            found = found.filter {
                ModelView.supported($0.model).contains(String(capability))
                    || $0.model.capabilities.says(String(capability))
            }
        }
        if let available = query["available"] { found = found.filter { $0.isAvailable == (available == "true") } }
        return try sorted(found, by: query["sort"].map(String.init))
    }

    private func sorted(_ models: [Deployment], by key: String?) throws(PlenumError) -> [Deployment] {
        switch key {
        case nil: models
        case "name": models.sorted { $0.model.name < $1.model.name }
        case "price": models.sorted { Self.price($0) < Self.price($1) }
        case "context": models.sorted { $0.model.context ?? 0 > $1.model.context ?? 0 }
        default:
            throw PlenumError(.invalidRequest, "\"sort\" must be name, price or context.", parameter: "sort")
        }
    }

    private static func price(_ deployment: Deployment) -> Int64 {
        deployment.model.price?.base.output.picoDollars ?? .max
    }
}

extension String {
    /// The text with `%XX` decoded; the text itself where that gives no UTF-8.
    var removingPercentEncoding: String {
        guard contains("%") else { return self }
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, let value = UInt8(Substring(digits), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self) ?? self
    }
}
