Console.WriteLine("stillhunt");
