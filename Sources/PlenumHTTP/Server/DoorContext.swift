import Hummingbird
import Logging

/// What a request carries through the router.
struct DoorContext: RequestContext {
    var coreContext: CoreRequestContextStorage

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}
