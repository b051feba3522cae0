import Hummingbird
import Logging
import NIOCore
import PlenumEngine

/// What a request carries through the router.
struct DoorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection that the request came by.
    let channel: any Channel
    /// Who asks.
    var caller = Caller()

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
