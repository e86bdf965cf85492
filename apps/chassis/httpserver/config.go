package httpserver

import (
	"strings"
	"time"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/traces"
)

// MaxBody is the longest body of a request, in bytes: 1 MiB.
const MaxBody = 1 << 20

// Config holds the limits of a server.
type Config struct {
	// Address is the host or IP address to listen at. Empty means every address of the machine.
	Address string
	Port    int
	// Root is the path of the service's routes, such as /flights, and Path the one that callers use instead. Requests to
	// a path below Path are answered as requests to the same path below Root.
	Root, Path string
	// MaxInFlight is how many requests run at a time. Further ones get 503.
	MaxInFlight int
	// RequestTimeout is the deadline of a request.
	RequestTimeout time.Duration
	// DrainDelay is how long a server that stops still accepts requests, until load balancers notice.
	DrainDelay time.Duration
	// DrainTimeout is how long it then waits for running requests.
	DrainTimeout time.Duration
	// Traces says where the spans of requests go.
	Traces traces.Config
}

// The defaults. Those of the drain add up to less than the 30 seconds after which Kubernetes kills a pod.
const (
	maxInFlight    = 256
	mostInFlight   = 65536
	requestTimeout = 5 * time.Second
	drainDelay     = 5 * time.Second
	drainTimeout   = 15 * time.Second
)

// ReadConfig reads LISTEN_ADDRESS, PORT, API_PATH, MAX_IN_FLIGHT, REQUEST_TIMEOUT, DRAIN_DELAY and DRAIN_TIMEOUT,
// and the variables of traces.ReadConfig. The port and the path of a service are its defaults.
func ReadConfig(r *config.Reader, port int, root string) Config {
	return Config{
		Root:           root,
		Path:           r.Path("API_PATH", root),
		Address:        r.TextOr("LISTEN_ADDRESS", ""),
		Port:           r.Port("PORT", port),
		MaxInFlight:    r.Number("MAX_IN_FLIGHT", maxInFlight, 1, mostInFlight),
		RequestTimeout: r.Duration("REQUEST_TIMEOUT", requestTimeout, time.Millisecond, time.Minute),
		DrainDelay:     r.Duration("DRAIN_DELAY", drainDelay, 0, time.Minute),
		Traces:         traces.ReadConfig(r, strings.Trim(root, "/")),
		DrainTimeout:   r.Duration("DRAIN_TIMEOUT", drainTimeout, 0, time.Minute),
	}
}
