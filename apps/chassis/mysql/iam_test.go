package mysql_test

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

	embeddedmysql "github.com/msur/platform/apps/chassis/mysql/embedded"
)

// region is the region of the embedded servers.
const region = "us-east-1"

// iam checks tokens as RDS does. It knows which keys are valid, and has a clock of its own.
type iam struct {
	mutex  sync.Mutex
	keys   aws.Credentials
	ahead  time.Duration
	tokens []string
}

// trust makes these keys the only valid ones.
func (i *iam) trust(keys aws.Credentials) {
	i.mutex.Lock()
	defer i.mutex.Unlock()

	i.keys = keys
}

// advance moves the server's clock.
func (i *iam) advance(duration time.Duration) {
	i.mutex.Lock()
	defer i.mutex.Unlock()

	i.ahead += duration
}

// seen returns the tokens of all attempts to log in.
func (i *iam) seen() []string {
	i.mutex.Lock()
	defer i.mutex.Unlock()

	return slices.Clone(i.tokens)
}

// accept signs the same request with the same keys, and compares the results.
func (i *iam) accept(address, user, token string) bool {
	i.mutex.Lock()
	defer i.mutex.Unlock()

	i.tokens = append(i.tokens, token)

	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://"+address, nil)
	if err != nil {
		return false
	}

	r.URL.RawQuery = url.Values{"Action": {"connect"}, "DBUser": {user}, "X-Amz-Expires": {"900"}}.Encode()

	_, date, _ := strings.Cut(token, "X-Amz-Date=")
	date, _, _ = strings.Cut(date, "&")

	signed, err := time.Parse("20060102T150405Z", date)
	if err != nil || time.Now().Add(i.ahead).After(signed.Add(15*time.Minute)) {
		return false
	}

	const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

	want, _, err := v4.NewSigner().PresignHTTP(context.Background(), i.keys, r, emptyHash, "rds-db", region, signed)

	return err == nil && token == strings.TrimPrefix(want, "https://")
}

// logsIn makes the service's user log in with tokens.
func (i *iam) logsIn(cfg *embeddedmysql.Config) {
	cfg.AcceptToken = func(address, token string) bool { return i.accept(address, cfg.Admin, token) }
}
