package migrate_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/migrate"
)

const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1"

// secretsManager is one that holds one secret.
func secretsManager(t *testing.T, secret string) aws.Config {
	t.Helper()

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			SecretID string `json:"SecretId"`
		}

		assert.Equal(t, "secretsmanager.GetSecretValue", r.Header.Get("X-Amz-Target"))
		assert.NoError(t, json.NewDecoder(r.Body).Decode(&asked))
		assert.Equal(t, arn, asked.SecretID)

		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		assert.NoError(t, json.NewEncoder(w).Encode(map[string]string{"SecretString": secret}))
	}))
	t.Cleanup(server.Close)

	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &server.URL,
		Credentials: credentials.NewStaticCredentialsProvider("id", "key", ""),
	}
}

func TestTheAdminIsReadFromSecretsManager(t *testing.T) {
	t.Parallel()

	admin, err := migrate.FromSecret(t.Context(), secretsManager(t, `{"username": "root", "password": "hunter2"}`), arn)
	require.NoError(t, err)

	password, err := admin.Password.Read()
	require.NoError(t, err)
	assert.Equal(t, "root", admin.User)
	assert.Equal(t, "hunter2", password)
}

func TestASecretThatIsNoAdminIsNotShown(t *testing.T) {
	t.Parallel()

	for _, secret := range []string{"hunter2", `{"password": "hunter2"}`, `{"username": "root"}`, ""} {
		_, err := migrate.FromSecret(t.Context(), secretsManager(t, secret), arn)

		require.ErrorContains(t, err, arn)
		assert.NotContains(t, err.Error(), "hunter2")
	}
}
