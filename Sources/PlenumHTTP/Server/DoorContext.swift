import Hummingbird
import Logging
import NIOCore

/// What a request carries through the router: Hummingbird's own, and the connection it came by.
struct DoorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
