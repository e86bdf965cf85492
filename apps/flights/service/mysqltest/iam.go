package mysqltest

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// Region is where an embedded server takes itself to be.
const Region = "us-east-1"

// IAM is what RDS knows of who may log in as flights: which keys are good now, and what time it is.
type IAM struct {
	mutex sync.Mutex
	keys  aws.Credentials
	ahead time.Duration
	shown []string
}

// Trust makes these keys the only good ones.
func (i *IAM) Trust(keys aws.Credentials) {
	i.mutex.Lock()
	defer i.mutex.Unlock()

	i.keys = keys
}

// Wait lets the time go by for the server, and nobody else.
func (i *IAM) Wait(some time.Duration) {
	i.mutex.Lock()
	defer i.mutex.Unlock()

	i.ahead += some
}

// Shown are the tokens of those who wanted to log in.
func (i *IAM) Shown() []string {
	i.mutex.Lock()
	defer i.mutex.Unlock()

	return slices.Clone(i.shown)
}

// holds is how long a token lets in.
const holds = 15 * time.Minute

// accept checks a token as RDS does: it signs the same request with the same keys.
func (i *IAM) accept(address, token string) bool {
	i.mutex.Lock()
	defer i.mutex.Unlock()

	i.shown = append(i.shown, token)

	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://"+address, nil)
	if err != nil {
		return false
	}

	r.URL.RawQuery = url.Values{"Action": {"connect"}, "DBUser": {"flights"}, "X-Amz-Expires": {"900"}}.Encode()

	_, shown, _ := strings.Cut(token, "X-Amz-Date=")
	at, _, _ := strings.Cut(shown, "&")

	signed, err := time.Parse("20060102T150405Z", at)
	if err != nil || time.Now().Add(i.ahead).After(signed.Add(holds)) {
		return false
	}

	const nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

	want, _, err := v4.NewSigner().PresignHTTP(context.Background(), i.keys, r, nothing, "rds-db", Region, signed)

	return err == nil && token == strings.TrimPrefix(want, "https://")
}
