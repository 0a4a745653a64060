#!/bin/sh
# What is missing for myproject-a to run asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest.
set -eu

# Possibly missing; safe to apply if it is there already:
# 1. Create the Cloud Run service agent of myproject-a
gcloud beta services identity create --service=run.googleapis.com --project=myproject-a

# 2. Grant roles/run.serviceAgent on project myproject-a to the Cloud Run service agent
gcloud projects add-iam-policy-binding myproject-a --member=serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com --role=roles/run.serviceAgent --condition=None

# 3. Grant roles/artifactregistry.reader on repository myrepo to the Cloud Run service agent
gcloud artifacts repositories add-iam-policy-binding myrepo --location=asia-northeast1 --project=myproject-b --member=serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com --role=roles/artifactregistry.reader
