package scripts

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"whopulls/gcp/googletest"
	"whopulls/gcp/sandbox"
)

const (
	ciAccount          = "ci@myproject-a.iam.gserviceaccount.com"
	pullerAccount      = "puller@myproject-b.iam.gserviceaccount.com"
	subjectText        = "repo:example/app"
	federatedPrincipal = "principal://iam.googleapis.com/projects/111111111111/locations/global/workloadIdentityPools/pool/subject/" + subjectText
)

// googleCommand [-life=TIME] FOLDER serves Google's hosts until it is killed. It writes credentials of all kinds into the
// folder, and last google.env, whose variables point gcloud and whopulls at it.
func googleCommand() {
	life := flag.Duration("life", time.Hour, "how long tokens live")
	flag.Parse()
	if err := serveGoogle(flag.Arg(0), *life); err != nil {
		fmt.Fprintln(os.Stderr, "google:", err)
		os.Exit(1)
	}
}

func serveGoogle(dir string, life time.Duration) error {
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return err
	}
	world, err := sandbox.Load("article")
	if err != nil {
		return err
	}
	g, err := googletest.Start(sandbox.Options{World: world}, dir, life)
	if err != nil {
		return err
	}
	defer g.Close()
	g.AllowImpersonation(ciAccount, "user:dev@example.com")
	g.AllowImpersonation(ciAccount, federatedPrincipal)
	g.AllowImpersonation(pullerAccount, "serviceAccount:"+ciAccount)
	if err := writeCredentials(g, dir); err != nil {
		return err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	if err := writeExports(g, dir); err != nil {
		return err
	}
	<-stop
	return nil
}

func writeCredentials(g *googletest.Google, dir string) error {
	key, err := googletest.KeyFile("myproject-a", ciAccount)
	if err != nil {
		return err
	}
	subject := filepath.Join(dir, "subject")
	errs := []error{os.WriteFile(subject, []byte(subjectText), 0o600),
		os.WriteFile(filepath.Join(dir, "token"), []byte(g.Token("user:dev@example.com")), 0o600),
		os.WriteFile(filepath.Join(dir, "silent"), []byte(g.TokenWithoutEmail("user:dev@example.com")), 0o600)}
	for name, content := range map[string]any{"user.json": googletest.UserFile("user:dev@example.com"), "other.json": googletest.UserFile("user:other@example.com"),
		"expired.json": googletest.UserFile(googletest.ExpiredRefresh), "rapt.json": googletest.UserFile(googletest.RaptRefresh),
		"key.json": key, "wif.json": googletest.FederatedFile(subject, ""), "wif-ci.json": googletest.FederatedFile(subject, ciAccount)} {
		_, err := g.WriteJSON(name, content)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func writeExports(g *googletest.Google, dir string) error {
	var lines strings.Builder
	fmt.Fprintf(&lines, "export METADATA='%s'\n", g.MetadataAddr())
	for name, value := range g.Env() {
		fmt.Fprintf(&lines, "export %s='%s'\n", name, value)
	}
	draft := filepath.Join(dir, "draft.env")
	if err := os.WriteFile(draft, []byte(lines.String()), 0o600); err != nil {
		return err
	}
	return os.Rename(draft, filepath.Join(dir, "google.env"))
}
