package cli_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/apps/flights/service/mysqltest"
)

// The SDK reads the process's own environment: this test is not one of several at a time.
//
//nolint:paralleltest // see above
func TestTheAdminsSecretIsReadInItsOwnRegion(t *testing.T) {
	const arn = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:rds!db-1"

	asked := ""
	secrets := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct {
			SecretID string `json:"SecretId"`
		}

		assert.NoError(t, json.NewDecoder(r.Body).Decode(&request))
		assert.Contains(t, r.Header.Get("Authorization"), "/eu-west-2/secretsmanager/aws4_request")

		asked = request.SecretID
		secret, err := json.Marshal(map[string]string{"username": mysqltest.Admin, "password": mysqltest.Admin})
		assert.NoError(t, err)
		assert.NoError(t, json.NewEncoder(w).Encode(map[string]string{"SecretString": string(secret)}))
	}))
	t.Cleanup(secrets.Close)

	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_SECRETS_MANAGER": secrets.URL, "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key",
		"AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_CONFIG_FILE": "/none", "AWS_SHARED_CREDENTIALS_FILE": "/none",
	} {
		t.Setenv(name, value)
	}

	server := mysqltest.Real(t)

	code, said := run(t, server.Environ("MYSQL_ADMIN_USER=", "MYSQL_ADMIN_PASSWORD=", "ADMIN_SECRET_ARN="+arn), "migrate")

	assert.Equal(t, command.Done, code, said)
	assert.Equal(t, arn, asked)
	assert.NoError(t, server.Open(t, "flights").PingContext(t.Context()))
}

func TestTheAdminsSecretIsNamedByItsARN(t *testing.T) {
	t.Parallel()

	for _, wrong := range []string{"rds!db-1", "arn:aws:s3:::bucket", "arn:aws:secretsmanager::1:secret:a"} {
		code, said := run(t, []string{"ADMIN_SECRET_ARN=" + wrong}, "migrate")

		assert.Equal(t, command.Failed, code)
		assert.Contains(t, said, `ADMIN_SECRET_ARN: got \"`+wrong+`\"`)
		assert.Contains(t, said, "MYSQL_HOST: got nothing", "with the others at once")
		assert.NotContains(t, said, "MYSQL_ADMIN_USER")
	}
}
